// The owner's pages work without this. It makes them quicker.
"use strict";

// A secret that is shown once is selected by a click, ready to be copied.
document.addEventListener("click", (event) => {
  const secret = event.target.closest(".secret");
  if (secret) getSelection().selectAllChildren(secret);
});

// A form is sent once, however often its button is clicked.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "yes";
});
// A page that comes back from the history can send its forms again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
