// What somebody wrote, as Markdown: no raw HTML, no pictures from elsewhere, links to http, https and mailto only.
// The renderer is loaded when there is something to render; until then, and if it cannot be had, the text is plain.
import { lazy, memo, Suspense } from "react";

const SAFE = /^(https?:\/\/|mailto:)/i;
const PERSON = /^person:(\d{1,9})$/;
const MENTION = /@\[([^[\]\n]{1,100})\]\(person:(\d{1,9})\)/g;

const textOf = (node) => node.value ?? (node.children ?? []).map(textOf).join("");

// A link to a person right behind an @ is a mention (app/domain/mentions.py).
const mentions = () => (tree) => {
  const walk = (node) =>
    node.children?.forEach((child, place) => {
      const person = child.type === "link" && PERSON.exec(child.url);
      const before = node.children[place - 1];
      if (!person || before?.type !== "text" || !before.value.endsWith("@")) return walk(child);
      before.value = before.value.slice(0, -1);
      child.data = { hName: "span", hProperties: { dataPerson: person[1] } };
      child.children = [{ type: "text", value: `@${textOf(child)}` }];
    });
  walk(tree);
};

const load = async () => {
  try {
    const [{ default: Rendered }, { default: gfm }] = await Promise.all([import("react-markdown"), import("remark-gfm")]);
    const plugins = [gfm, mentions];
    const transform = (url) => (SAFE.test(url) ? url : "");
    return {
      default: ({ body, people }) => (
        <Rendered remarkPlugins={plugins} urlTransform={transform} components={parts(people)}>
          {body}
        </Rendered>
      ),
    };
  } catch {
    return { default: Plain };
  }
};
const Renderer = lazy(load);

const Link = ({ href, children }) =>
  href ? (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );

const parts = (people) => ({
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => <Link href={src}>{alt || src || "A picture"}</Link>,
  input: ({ checked }) => <input type="checkbox" checked={checked} disabled aria-label={checked ? "Done" : "To do"} />,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    <div role="region" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  span: ({ "data-person": id, children }) => {
    const name = people?.[`p${id}`]?.name;
    return id ? <span className="mention" data-person={id}>{name ? `@${name}` : children}</span> : <span>{children}</span>;
  },
});

function Plain({ body }) {
  return <p>{body.replace(MENTION, "@$1")}</p>;
}

export const Markdown = memo(function Markdown({ body, people }) {
  return (
    <div className="markdown">
      <Suspense fallback={<Plain body={body} />}>
        <Renderer body={body} people={people} />
      </Suspense>
    </div>
  );
});
