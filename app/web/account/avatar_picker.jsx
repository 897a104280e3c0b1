// Choosing a picture of oneself: it is shown as it will be before it is sent.
import { useRef, useState } from "react";

const MOST_BYTES = 10_000_000; // As app/web/files.py has it.
const LOST = "The connection was lost. Please try again.";

export function AvatarPicker({ classes }) {
  const input = useRef(null);
  const [file, setFile] = useState(null);
  const [preview, setPreview] = useState("");
  const [note, setNote] = useState("");
  const [isSending, setSending] = useState(false);

  const forget = () => {
    setFile(null);
    setPreview("");
    input.current.value = "";
  };

  const choose = () => {
    const [chosen] = input.current.files;
    setNote("");
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      setNote(`This picture is too large: it can have ${MOST_BYTES / 1e6} MB at most.`);
      return forget();
    }
    setFile(chosen);
    const reader = new FileReader();
    reader.onload = () => setPreview(reader.result);
    reader.readAsDataURL(chosen);
  };

  const send = async () => {
    const form = new FormData();
    form.append("file", file, file.name);
    setSending(true);
    setNote("");
    try {
      const answer = await fetch("/files/avatar", { method: "POST", body: form });
      if (answer.ok) forget();
      else setNote((await answer.json()).sentence ?? LOST);
    } catch {
      setNote(LOST); // The picture stays chosen.
    }
    setSending(false);
  };

  return (
    <div className={classes.box}>
      <input
        ref={input} type="file" hidden accept="image/png,image/jpeg,image/gif,image/webp" onChange={choose}
        data-testid="choose-avatar" aria-label="Picture"
      />
      {preview && <img src={preview} alt="The chosen picture" className={classes.preview} data-testid="avatar-preview" />}
      {file ? (
        <span className={classes.buttons}>
          <button type="button" className={classes.primary} disabled={isSending} onClick={send} data-testid="use-avatar">
            {isSending ? "Sending …" : "Use this picture"}
          </button>
          <button type="button" className={classes.plain} disabled={isSending} onClick={forget}>Cancel</button>
        </span>
      ) : (
        <button type="button" className={classes.plain} onClick={() => input.current.click()} data-testid="change-avatar">
          Choose a picture
        </button>
      )}
      {note && <p role="alert" className={classes.note}>{note}</p>}
    </div>
  );
}
