// Pushes to this browser: whether they are on, and turning them on and off. The browser asks its person only then.
import { useEffect, useState } from "react";

const WORKER = "/push-worker.js";
const WORDS = {
  looking: "",
  unsupported: "This browser shows no notifications of pages. On an iPhone, add Tandem to the home screen first.",
  denied: "You have told this browser to show no notifications of Tandem. Its settings for this page change that.",
  off: "Reminders and other news can appear on this device, also when no tab of Tandem is open.",
  on: "This browser shows notifications, also when no tab of Tandem is open.",
};
const isSupported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return registration && (await registration.pushManager.getSubscription());
}

async function subscribe(publicKey) {
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(publicKey) };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    const old = error.name === "InvalidStateError" && (await pushManager.getSubscription());
    if (!old) throw error;
    await old.unsubscribe(); // It was made for another key.
    return await pushManager.subscribe(options);
  }
}

export function Push({ publicKey, classes, onTurnOn, onTurnOff }) {
  const [state, setState] = useState("looking");
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    if (!isSupported()) return setState("unsupported");
    if (Notification.permission === "denied") return setState("denied");
    subscription().then((found) => setState(found ? "on" : "off"), () => setState("off"));
  }, []);

  const act = async (does) => {
    setBusy(true);
    setNote("");
    try {
      setState(await does());
    } catch (error) {
      setNote("This browser could not do that. Please try again.");
      console.info(error);
    }
    setBusy(false);
  };

  const turnOn = async () => {
    if ((await Notification.requestPermission()) !== "granted") {
      return Notification.permission === "denied" ? "denied" : "off";
    }
    const made = await subscribe(publicKey);
    onTurnOn(made.endpoint, text(made.getKey("p256dh")), text(made.getKey("auth")), navigator.userAgent);
    return "on";
  };

  const turnOff = async () => {
    const found = await subscription();
    if (found) {
      onTurnOff(found.endpoint);
      await found.unsubscribe();
    }
    return "off";
  };

  const buttons = { on: ["Turn off here", turnOff, classes.plain], off: ["Turn on here", turnOn, classes.primary] };
  const [label, does, look] = buttons[state] ?? [];
  return (
    <div className={classes.box} data-testid="push" data-state={state}>
      <p className={classes.words}>{WORDS[state]}</p>
      {label && (
        <button type="button" className={look} disabled={isBusy} onClick={() => act(does)} data-testid="toggle-push">
          {label}
        </button>
      )}
      {note && (
        <p role="alert" className={classes.note}>
          {note}
        </p>
      )}
    </div>
  );
}
