// Adding files to a task: chosen, dropped anywhere on its dialog, or pasted. They go one after the other, with progress;
// one that lost its connection is sent again by itself, and goes on while its dialog is closed.
import { useEffect, useRef, useState } from "react";

const MOST_TRIES = 6;
const PASSING = [408, 502, 503, 504]; // Busy, being restarted: the next try may be good.
const uploads = []; // Of every task, in the order in which they go. What has arrived is drawn by the server's patch.
const watchers = new Set();
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g; // Characters that turn a name's end to its middle; the server takes them off.
let number = 0;

const tell = () => watchers.forEach((watch) => watch((count) => count + 1));
const words = (size) => `${(size / 1e6).toFixed(1).replace(/\.0$/, "")} MB`;
const staying = (event) => event.preventDefault(); // The browser asks before it leaves.

const drop = (upload) => {
  const place = uploads.indexOf(upload);
  if (place >= 0) uploads.splice(place, 1);
  if (!uploads.length) window.removeEventListener("beforeunload", staying);
  tell();
  next();
};

const next = () => {
  if (uploads.some((upload) => upload.state === "sending")) return;
  const waiting = uploads.find((upload) => upload.state === "waiting");
  if (waiting) send(waiting);
};

const sentence = (request) => {
  try {
    return JSON.parse(request.responseText).sentence;
  } catch {
    return request.responseText.slice(0, 300) || "The file could not be added. Please try again.";
  }
};

const send = (upload) => {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", upload.file, upload.file.name);
  Object.assign(upload, { state: "sending", request, progress: 0, note: "" });
  request.open("POST", `/files/task/${upload.taskId}`);
  request.upload.onprogress = (event) => {
    upload.progress = event.loaded / event.total;
    tell();
  };
  request.onload = () => {
    if (request.status === 201) return drop(upload);
    fail(upload, sentence(request), PASSING.includes(request.status));
  };
  request.onerror = () => fail(upload, "The connection was lost. It is tried again.", true);
  request.send(form);
  tell();
};

const fail = (upload, note, isPassing) => {
  upload.tries += 1;
  upload.note = note;
  upload.state = isPassing && upload.tries < MOST_TRIES ? "retrying" : "failed";
  if (upload.state === "retrying") setTimeout(() => again(upload), Math.min(1000 * 2 ** upload.tries, 15_000));
  else if (isPassing) upload.note = `${note.replace(" It is tried again.", "")} That happened again and again.`;
  tell();
  next();
};

const again = (upload) => {
  if (upload.state !== "retrying" && upload.state !== "failed") return;
  upload.state = "waiting";
  tell();
  next();
};

const cancel = (upload) => {
  const { request, state } = upload;
  upload.state = "gone";
  if (state === "sending") {
    request.onload = request.onerror = null;
    request.abort();
  }
  drop(upload);
};

const add = (taskId, files, mostBytes) => {
  for (const file of files) {
    const upload = { id: ++number, taskId, file, state: "waiting", progress: 0, tries: 0, note: "" };
    if (mostBytes && file.size > mostBytes) {
      upload.state = "refused";
      upload.note = `It is too large, with ${words(file.size)}: a file can have ${words(mostBytes)} at most.`;
    }
    uploads.push(upload);
  }
  if (uploads.length) window.addEventListener("beforeunload", staying);
  tell();
  next();
};

if (typeof window !== "undefined") {
  window.addEventListener("online", () => uploads.filter(({ state }) => state === "retrying").forEach(again));
}

export function Uploads({ taskId, mostBytes, classes }) {
  const box = useRef(null);
  const input = useRef(null);
  const [, redraw] = useState(0);
  const [isOver, setOver] = useState(false);
  const [hasFolder, setFolder] = useState(false);

  useEffect(() => {
    watchers.add(redraw);
    return () => watchers.delete(redraw);
  }, []);

  useEffect(() => {
    const dialog = box.current.closest('[role="dialog"]') ?? box.current;
    const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const over = (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(dialog.contains(event.target));
    };
    const leave = (event) => event.relatedTarget || setOver(false);
    const fall = (event) => {
      if (!carries(event)) return;
      event.preventDefault(); // Beside the dialog, too: the browser would leave the page for the file.
      setOver(false);
      if (!dialog.contains(event.target)) return;
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
      setFolder(items.some(isFolder));
      add(taskId, items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()), mostBytes);
    };
    const paste = (event) => {
      if (!event.clipboardData.files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      add(taskId, event.clipboardData.files, mostBytes);
    };
    const calls = { dragover: over, dragleave: leave, drop: fall };
    for (const [name, call] of Object.entries(calls)) window.addEventListener(name, call);
    dialog.addEventListener("paste", paste);
    return () => {
      for (const [name, call] of Object.entries(calls)) window.removeEventListener(name, call);
      dialog.removeEventListener("paste", paste);
    };
  }, [taskId, mostBytes]);

  const choose = () => {
    setFolder(false);
    add(taskId, input.current.files, mostBytes);
    input.current.value = "";
  };

  return (
    <div ref={box} className={classes.box}>
      <ul className={classes.list} aria-label="Files on their way">
        {uploads.filter((upload) => upload.taskId === taskId).map((upload) => (
          <Upload key={upload.id} upload={upload} classes={classes} />
        ))}
      </ul>
      {hasFolder && <p role="alert" className={classes.note}>A folder cannot be added. Choose the files in it.</p>}
      <input ref={input} type="file" multiple hidden onChange={choose} data-testid="choose-files" aria-label="Files" />
      <button
        type="button"
        className={`${classes.drop} ${isOver ? classes.over : ""}`}
        onClick={() => input.current.click()}
        data-testid="add-files"
      >
        {isOver ? "Drop to add" : "Add files, or drop them here"}
      </button>
    </div>
  );
}

function Upload({ upload, classes }) {
  const { file, state, progress, note } = upload;
  const percent = Math.round(progress * 100);
  return (
    <li className={classes.upload} data-testid="upload" data-state={state}>
      <span className={classes.line}>
        <span className={classes.name}>{file.name.replace(TURNING, "")}</span>
        {state === "sending" && <span className={classes.small}>{percent} %</span>}
        {state === "waiting" && <span className={classes.small}>Waiting</span>}
        {(state === "failed" || state === "retrying") && (
          <button type="button" className={classes.button} onClick={() => again(upload)}>Try again</button>
        )}
        <button type="button" className={classes.button} onClick={() => cancel(upload)}>
          {state === "refused" || state === "failed" ? "Dismiss" : "Cancel"}
        </button>
      </span>
      {state === "sending" && (
        <span role="progressbar" aria-label={`Adding ${file.name}`} aria-valuenow={percent} className={classes.progress}>
          <span className={classes.done} style={{ width: `${percent}%` }} />
        </span>
      )}
      {note && <span role="alert" className={classes.note}>{note}</span>}
    </li>
  );
}
