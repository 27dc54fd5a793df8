#include "cli/demo_entries.h"

namespace backtalk::cli {

DemoSite const demo_harbour("Harbour Notes", "What the tide brings in, written down before it goes out again", "Ines Quist",
    {
        R"(---
title: The ferry runs late on Thursdays
date: 2026-09-03T08:15:00+02:00
categories: [Harbour]
tags: [ferry, timetables]
---
Every Thursday the ten o'clock ferry leaves at twenty past. Nobody announces it. The people who live here simply arrive
at a quarter past ten, with their bread still warm, and the visitors stand on the quay and look at their telephones.

I asked the mate about it. "On Thursdays we wait for the post," he said, as if I had asked why the water is wet.
)",
        R"(---
title: Three kinds of rope
date: 2026-09-19T19:40:00+02:00
categories: [Workshop]
tags: [rope, knots]
---
There is rope that **holds**, rope that *gives*, and rope that does neither and is sold to people with new boats.

| rope | good for | how it fails |
|---|---|---|
| hemp | the museum | slowly, and it tells you |
| polyester | halyards | at the splice |
| the cheap one | parcels | at once |

What you want in a mooring line is the middle kind: something that gives before it breaks.[^1]

[^1]: The same goes for harbour committees.
)",
        R"(---
title: The harbour at night
date: 2026-10-02T22:05:00+02:00
categories: [Harbour]
tags: [night, lights]
---
When the last café turns its sign around, the harbour changes hands. The gulls have it first, then the cats, and after
midnight nobody at all: only the lamps on the outer wall, one green and one red, telling an empty sea which side is which.

I counted the lights on the far shore yesterday. There were nineteen. Ten years ago I wrote down thirty-one. Nobody
decided to put the others out; they went one by one, as windows do, and each for a good reason.

> A town does not go dark. It forgets, one switch at a time, that somebody might be looking.

That is what the old harbour master said when he handed in his keys. If you live over there and can see our wall: leave
a lamp on. We are counting.
)",
    });

DemoSite const demo_square("Public Square", "Notes from the bench beside the fountain", "Umar Vance",
    {
        R"(---
title: A bench, facing east
date: 2026-08-21T07:30:00+02:00
categories: [Square]
---
They have put the bench back. It faces east now, so that in the morning you look into the sun and in the evening at the
backs of people who go home. Whoever chose that has never sat on a bench, or has sat on many.
)",
        R"(---
title: What the baker knows
date: 2026-09-11T06:10:00+02:00
categories: [Square]
tags: [bread]
---
The baker knows who is ill (two rolls instead of four), who has visitors (eight), and who has been left (two rolls, bought
later than usual, and no small talk). She tells nobody. That is why everyone tells her everything.
)",
        R"(---
title: On answering letters
date: 2026-09-28T18:00:00+02:00
categories: [Reading]
tags: [letters]
---
A letter that is not answered is still a letter; a letter that is answered becomes a conversation. I have kept both kinds
in the same box, and the second kind weighs more.
)",
    });

std::string_view const demo_answer = R"(---
title: Lights out
categories: [Square]
tags: [lights]
---
Following up on what we read yesterday about [the harbour at night]({target}): from the square one can see the outer wall,
if one knows where to look, and I had never asked myself who looks back.

So I went through the house and counted our own windows. Four that face the water, one of them bricked up. The other three
have a lamp now. Twenty-two, then, not nineteen. Please correct the book.
)";

}  // namespace backtalk::cli
