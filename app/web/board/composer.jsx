// Where a comment is written, or edited. What is typed stays in this browser until it is sent for certain: through a
// reload, a closed browser, a connection that breaks, a refusal. People are written as @Name, and sent as who they are.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Foot, Hints } from "./composer_foot.jsx";
import { drafts, newKey, useDraftElsewhere } from "./drafts.jsx";
import { forMembers, isTooLong, toBody, toText, unknown } from "./mentions.jsx";
import { Offered, useOffer } from "./offer.jsx";
import { isOffline } from "./unsent.jsx";

const PULSE = 1000; // Milliseconds between two signs that somebody is writing.

export function Composer({
  draftName, comment, people, members, refused, receipt, connection, quoted, whyNot, label, testId, classes,
  onSend, onEdit, onClose, onWrite,
}) {
  const isEdit = Boolean(comment);
  const field = useRef(null);
  const picked = useRef({});
  const key = useRef("");
  const sent = useRef(null); // What is on its way, and not answered yet.
  const drawnOn = useRef("");
  const quotes = useRef(quoted?.number);
  const pulsed = useRef(0);
  const [has, setHas] = useState(false);
  const [note, setNote] = useState("");
  const [strangers, setStrangers] = useState([]);

  const known = forMembers(members, people);
  const offer = useOffer(field, known, (person, from) => mention(person, from));

  const grow = () => {
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight + 2}px`;
  };

  const see = () => {
    setHas(field.current.value.trim() !== "");
    setStrangers(unknown(field.current.value, picked.current, known));
    grow();
  };

  const keep = () => {
    see();
    drafts.set(draftName, { text: field.current.value, people: picked.current, key: key.current });
  };

  const put = (text) => {
    field.current.value = text;
    keep();
  };

  const start = (met = {}) => (isEdit ? toText(comment.body, met, people) : "");

  const take = (draft) => {
    key.current = draft?.key || newKey();
    picked.current = draft?.people ?? {};
    field.current.value = draft?.text ?? start(picked.current);
    see();
  };

  useLayoutEffect(() => {
    take(drafts.get(draftName));
    if (isEdit) field.current.focus();
  }, [draftName]);
  useDraftElsewhere(draftName, field, start, (draft) => {
    if (!sent.current && (draft || !isEdit)) take(draft); // An edit that is given up elsewhere goes on here.
  });

  const finish = () => {
    const { text } = sent.current;
    sent.current = null;
    key.current = newKey();
    const now = field.current.value;
    put(now === text ? "" : now.startsWith(text) ? now.slice(text.length).trimStart() : now);
    setNote("");
  };

  useEffect(() => {
    if (!isEdit && sent.current?.key === receipt.arguments.key && receipt.command === "add_comment") finish();
  }, [receipt]);

  // A refused text stays where it is; what is sent next is another try.
  useEffect(() => {
    const { command, arguments: { key: refusedKey, comment_id: id } } = refused;
    const isMine = isEdit ? command === "edit_comment" && id === comment.id : command === "add_comment" && refusedKey === sent.current?.key;
    if (!sent.current || !isMine) return;
    sent.current = null;
    key.current = newKey();
    setNote("");
    keep();
  }, [refused]);

  useEffect(() => {
    if (!isEdit || sent.current?.body !== comment.body) return;
    drafts.set(draftName, null);
    onClose();
  }, [comment?.version]);

  const deliver = () => (isEdit ? onEdit(sent.current.body, comment.version) : onSend(sent.current.body, sent.current.key));

  // What was sent on a connection that broke is sent again: the server knows it by its key, or by its text.
  useEffect(() => {
    if (!connection || connection === drawnOn.current) return;
    drawnOn.current = connection;
    if (sent.current) deliver();
    else setNote("");
  }, [connection]);

  useEffect(() => {
    if (isEdit || !quoted?.number || quoted.number === quotes.current) return;
    quotes.current = quoted.number;
    const said = toText(quoted.body, {}, people).split("\n").map((line) => `> ${line}`.trimEnd());
    const before = field.current.value.trimEnd();
    put(`${before}${before && "\n\n"}> **${quoted.author}:**\n>\n${said.join("\n")}\n\n`);
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
    field.current.scrollIntoView({ block: "center" });
  }, [quoted?.number]);

  const send = () => {
    if (sent.current) return;
    if (isOffline()) return setNote("You are offline. Your text stays here: send it when you are back.");
    const text = field.current.value;
    const body = toBody(text, picked.current, known);
    if (isTooLong(body)) return setNote(`A comment can have 20,000 characters at most; this one has ${text.length.toLocaleString("en")}.`);
    if (isEdit && body === comment.body) return close();
    sent.current = { text, body, key: key.current };
    stop();
    setNote("Sending …");
    deliver();
  };

  const stop = () => {
    if (!isEdit && pulsed.current) onWrite(false);
    pulsed.current = 0;
  };

  const close = () => {
    drafts.set(draftName, null);
    onClose();
  };

  const mention = (person, from) => {
    const isTaken = picked.current[person.label] && picked.current[person.label] !== person.id;
    const words = isTaken ? `@[${person.label}](person:${person.id}) ` : `@${person.label} `;
    if (!isTaken) picked.current[person.label] = person.id;
    field.current.setRangeText(words, from, field.current.selectionStart, "end");
    typed();
    field.current.focus();
  };

  const typed = () => {
    if (!sent.current) key.current = newKey();
    if (note && !sent.current) setNote("");
    keep();
    const now = Date.now();
    if (!field.current.value) stop();
    else if (!isEdit && now - pulsed.current > PULSE && !isOffline()) {
      pulsed.current = now;
      onWrite(true);
    }
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else offer.onKeyDown(event);
  };

  const list = `${testId}-people`;
  return (
    <div className={classes.box} hidden={Boolean(whyNot) && !has}>
      <div className={classes.frame}>
        <textarea
          ref={field}
          className={classes.field}
          aria-label={label}
          placeholder={isEdit ? "" : "Say something. @ mentions somebody."}
          data-testid={testId}
          data-escapes={offer.isOpen || undefined}
          aria-autocomplete="list"
          aria-controls={offer.isOpen ? list : undefined}
          aria-activedescendant={offer.isOpen ? `${list}-${offer.chosen}` : undefined}
          readOnly={Boolean(whyNot)}
          rows={2}
          onInput={() => { typed(); offer.look(); }}
          onKeyDown={onKeyDown}
          onClick={offer.look}
          onBlur={offer.close}
        />
        {offer.isOpen && <Offered {...offer} id={list} classes={classes} />}
      </div>
      <span role="status" className="sr-only">{offer.isOpen ? `${offer.people.length} people: arrows choose, Enter takes` : ""}</span>
      <Hints {...{ strangers, note, testId, classes }} />
      <Foot {...{ whyNot, isEdit, classes }} onDiscard={() => put("")} onCancel={close} onSend={send} />
    </div>
  );
}
