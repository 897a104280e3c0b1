// People in a text: @Ben on the screen, `@[Ben](person:7)` on its way (app/domain/mentions.py).
const MENTION = /@\[([^[\]\n]{1,100})\]\(person:(\d{1,9})\)/g;
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;
const MOST = 6; // People who are offered at once.
export const NOBODY = { people: [], chosen: 0, from: 0 };

// A name without what Markdown would read as something else.
const labelOf = (name) => name.replace(/[[\]`\\<>*_~()]/g, "").trim() || "somebody";
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"); // No more: "\-" is an error in such a pattern.

export const forMembers = (members, people) =>
  (members ?? [])
    .map((id) => people?.[`p${id}`])
    .filter(Boolean)
    .map(({ id, name }) => ({ id, name, label: labelOf(name) }));

// Everybody whom a name may mean here: those who were picked, and members whose name is theirs alone.
const byName = (picked, known) => {
  const names = {};
  const isShared = (label) => known.filter((person) => person.label === label).length > 1;
  for (const { id, label } of known) if (!isShared(label)) names[label] = id;
  return { ...names, ...picked };
};

const pattern = (names) => {
  const longestFirst = Object.keys(names).sort((one, other) => other.length - one.length);
  return longestFirst.length
    ? new RegExp(`(?<![\\p{L}\\p{N}_.+/-])@(${longestFirst.map(escaped).join("|")})(?![\\p{L}\\p{N}_])`, "gu")
    : null;
};

// Of a text, what is neither code nor quoted: there a name is just a name.
const inProse = (text, change) =>
  text
    .split(CODE)
    .map((part, place) => {
      if (place % 2) return part;
      return part.split("\n").map((line) => (/^\s*>/.test(line) ? line : change(line))).join("\n");
    })
    .join("");

export const toBody = (text, picked, known) => {
  const names = byName(picked, known);
  const mention = pattern(names);
  return mention ? inProse(text, (line) => line.replace(mention, (_, name) => `@[${name}](person:${names[name]})`)) : text;
};

// Notes in `picked` who is meant by which name; of two with one name the second stays as it is.
export const toText = (body, picked, people) =>
  body.replace(MENTION, (whole, label, id) => {
    const name = people?.[`p${id}`] ? labelOf(people[`p${id}`].name) : label;
    if (picked[name] && picked[name] !== +id) return whole;
    picked[name] = +id;
    return `@${name}`;
  });

// What looks like a mention, and is of nobody.
export const unknown = (text, picked, known) => {
  const mention = pattern(byName(picked, known));
  const found = new Set();
  inProse(text, (line) => {
    const rest = mention ? line.replace(mention, " ") : line;
    for (const [, name] of rest.matchAll(/(?<=^|[\s(])@(\p{L}[\p{L}\p{N}_-]*)(?=[\s,.:;!?)])/gu)) found.add(`@${name}`);
    return line;
  });
  return [...found].slice(0, 3);
};

// Who may be meant by what stands before the caret, and where it begins.
export const completed = (text, caret, known) => {
  const begun = /(?:^|[\s(])@([^\s@]{0,40}(?: [^\s@]{0,40})?)$/u.exec(text.slice(0, caret));
  if (!begun) return NOBODY;
  const typed = begun[1].toLowerCase();
  const fits = ({ name, label }) =>
    [name, label].some((words) => words.toLowerCase().startsWith(typed)) ||
    (!typed.includes(" ") && name.toLowerCase().split(/\s+/).some((word) => word.startsWith(typed)));
  const people = known.filter(fits).slice(0, MOST);
  const isWhole = people.length === 1 && typed.endsWith(" ");
  return people.length && !isWhole ? { people, chosen: 0, from: caret - begun[1].length - 1 } : NOBODY;
};

const MOST_BYTES = 100_000; // Of a message: the gate takes no larger one.
const MOST_CHARACTERS = 40_000; // That the server looks at; how many are too many it says itself.

export const isTooLong = (body) => body.length > MOST_CHARACTERS || new TextEncoder().encode(body).length > MOST_BYTES;
