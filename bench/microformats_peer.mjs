// The npm package microformats-parser on the same pages: "node microformats_peer.mjs FOLDER-OF-PACKAGE ROUNDS PAGE..." prints, for
// each page, a line of JSON with the CPU microseconds of one reading and what was read.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, rounds, ...pages] = process.argv.slice(2);
const { mf2 } = createRequire(`${folder}/`)("microformats-parser");

for (const page of pages) {
    const html = readFileSync(page, "utf8");
    const read = () => mf2(html, { baseUrl: "https://public.example/" });
    const result = read();
    for (let i = 0; i < 20; ++i)
        read();
    const before = process.cpuUsage();
    for (let i = 0; i < Number(rounds); ++i)
        read();
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ microseconds: (user + system) / rounds, items: result.items }));
}
