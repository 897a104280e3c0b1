// A file on its way to be imported: sent with a bar that grows, and brought in with another.
import { useEffect, useRef, useState } from "react";

const LOST = "The connection was lost. Please try again.";
const UNSURE = "The connection was lost. Look among your boards whether the import is there before you try again.";
const words = (size) => `${(size / 1e6).toFixed(1).replace(/\.0$/, "")} MB`;

function Bar({ label, part, classes }) {
  const percent = Math.round(part * 100);
  return (
    <div className={classes.bar}>
      <span className={classes.line}>
        <span className={classes.name}>{label}</span>
        <span className={classes.small}>{percent} %</span>
      </span>
      <span role="progressbar" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} className={classes.progress}>
        <span className={classes.done} style={{ width: `${percent}%` }} />
      </span>
    </div>
  );
}

export function FilePost({ mostBytes, classes, onPosted }) {
  const input = useRef(null);
  const request = useRef(null);
  const [sent, setSent] = useState(null);
  const [note, setNote] = useState("");
  const [isOver, setOver] = useState(false);

  useEffect(() => () => request.current?.abort(), []);

  const stop = (sentence) => {
    request.current = null;
    setSent(null);
    setNote(sentence);
    if (input.current) input.current.value = "";
  };

  const send = (file) => {
    if (!file || request.current) return;
    if (mostBytes && file.size > mostBytes) {
      return stop(`This file is too large, with ${words(file.size)}: ${words(mostBytes)} is the most.`);
    }
    const form = new FormData();
    form.append("file", file, file.name);
    const asked = (request.current = new XMLHttpRequest());
    asked.open("POST", "/imports");
    asked.upload.onprogress = (event) => setSent({ name: file.name, part: event.loaded / event.total });
    asked.onerror = () => stop(LOST);
    asked.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(asked.responseText);
      } catch {
        // What is in front of us has answered in its own words.
      }
      stop(asked.status === 201 ? "" : answer.sentence ?? LOST);
      if (asked.status === 201) onPosted(answer.ticket);
    };
    setNote("");
    setSent({ name: file.name, part: 0 });
    asked.send(form);
  };

  const fall = (event) => {
    event.preventDefault();
    setOver(false);
    send(event.dataTransfer.files[0]);
  };

  return (
    <div className={classes.box}>
      <input
        ref={input} type="file" hidden accept=".json,.csv,.tsv,.txt,application/json,text/csv"
        onChange={() => send(input.current.files[0])} data-testid="choose-import" aria-label="File"
      />
      {sent ? (
        <Bar label={`Sending ${sent.name}`} part={sent.part} classes={classes} />
      ) : (
        <button
          type="button"
          className={`${classes.drop} ${isOver ? classes.over : ""}`}
          onClick={() => input.current.click()}
          onDragOver={(event) => { event.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={fall}
          data-testid="send-import"
        >
          {isOver ? "Drop to look into it" : "Choose a file, or drop it here"}
        </button>
      )}
      {note && <p role="alert" className={classes.note}>{note}</p>}
    </div>
  );
}

const runs = {}; // By order: this may be drawn again while one goes on.

const carryOut = async (order, run) => {
  const tell = (part) => {
    run.part = part;
    run.watch?.(part);
  };
  try {
    const answer = await fetch("/imports/run", { method: "POST", headers: { "Content-Type": "application/json" }, body: order });
    if (!answer.ok) return { sentence: (await answer.json()).sentence ?? LOST };
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { sentence: UNSURE };
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const said of lines.map((line) => JSON.parse(line))) {
        if (said.done === undefined) return said;
        tell(said.done);
      }
    }
  } catch {
    return { sentence: UNSURE };
  }
};

const staying = (event) => event.preventDefault(); // The browser asks before it leaves.

export function ImportRun({ order, classes, onArrived, onRefused }) {
  const [part, setPart] = useState(runs[order]?.part ?? 0);

  useEffect(() => {
    const run = (runs[order] ??= { part: 0 });
    run.watch = setPart;
    run.outcome ??= carryOut(order, run).finally(() => delete runs[order]);
    let isGone = false;
    window.addEventListener("beforeunload", staying);
    run.outcome.then((outcome) => {
      window.removeEventListener("beforeunload", staying);
      if (isGone) return;
      if (outcome.path) onArrived(outcome.path);
      else onRefused(outcome.sentence);
    });
    return () => {
      isGone = true;
      window.removeEventListener("beforeunload", staying);
    };
  }, [order]);

  return <Bar label="Importing" part={part} classes={classes} />;
}
