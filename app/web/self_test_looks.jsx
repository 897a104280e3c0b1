// Looks at the way between this browser and Tandem, as Tandem's pages use it: plain requests, cookies, the clock, a
// WebSocket through every proxy there is. It needs no connection of the page's own, as that may be what is wrong.

const PATIENCE = 8_000;
const PINGS = 6;
const APART = 150;
const SLOW = 400;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const asked = async (path) => {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return { ...(await answer.json()), now: Date.parse(answer.headers.get("date")) };
};
const uuid4 = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for https and localhost only.
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const isLocal = (host) => /^(localhost|.*\.localhost|\d+(\.\d+){3}|\[.*\])$/.test(host);

const right = (title, words) => ({ title, outcome: "right", words });
const wrong = (title, words) => ({ title, outcome: "wrong", words });
const unsure = (title, words) => ({ title, outcome: "unsure", words });

const answers = async () => {
  const title = "Tandem answers";
  try {
    const started = performance.now();
    const told = await asked("/api/self-test");
    const took = performance.now() - started;
    return { line: right(title, `A request took ${Math.round(took)} ms.`), told, took, at: Date.now() };
  } catch (error) {
    const words = "Nothing came back, or not from Tandem: it does not run, or a proxy does not find it, or you are offline.";
    return { line: wrong(title, `${words} (${error.message})`) };
  }
};

const address = ({ public_url }) => {
  const [title, here] = ["The address is the right one", window.location.origin];
  if (public_url === here) return right(title, `It is ${here}.`);
  if (public_url)
    return wrong(title, `You are at ${here}, and Tandem was told that it is at ${public_url}. It takes nothing from other
      addresses. Go to ${public_url}, or have PUBLIC_URL set to ${here}.`);
  if (isLocal(window.location.hostname)) return right(title, `It is ${here}; PUBLIC_URL is not set.`);
  return wrong(title, `PUBLIC_URL is not set, which is good for localhost and bare IP addresses only. Have it set to ${here}.`);
};

const cookie = async () => {
  const title = "Cookies come back";
  try {
    const told = await asked("/api/self-test");
    if (!told.cookie)
      return wrong(title, `A cookie that Tandem set was not sent back, so nobody can stay signed in. Either this browser
        keeps none, or a proxy drops them, or PUBLIC_URL begins with https and this page does not.`);
    return right(title, told.is_signed_in ? "You are signed in." : "You are not signed in, which may be as it should.");
  } catch (error) {
    return unsure(title, `This could not be asked. (${error.message})`);
  }
};

const clock = ({ told, took, at }) => {
  const [title, off] = ["The clock is right", (at - took / 2 - told.now) / 1000];
  const size = Math.abs(off) > 5400 ? `${Math.round(Math.abs(off) / 3600)} hours` : `${Math.round(Math.abs(off))} seconds`;
  if (Number.isNaN(off)) return unsure(title, "The server does not tell its time.");
  if (Math.abs(off) < 60) return right(title, "This device and the server agree.");
  return wrong(title, `The clock of this device is ${size} ${off > 0 ? "ahead of" : "behind"} the server's: times are
    shown wrong here, or the server's clock is.`);
};

const proxies = ({ forwarded, hops, address }) => {
  const title = "Proxies are known";
  if (forwarded < hops)
    return wrong(title, `TRUSTED_PROXY_HOPS is ${hops}, and the request came through ${forwarded}. Somebody can make
      Tandem believe any address: have it corrected, or reach Tandem by way of its proxy.`);
  if (forwarded > hops)
    return unsure(title, `The request came through ${forwarded} proxies, and TRUSTED_PROXY_HOPS is ${hops}. If they are
      yours, have it set to ${forwarded}: until then all people seem to come from one address, ${address}, and share its limits.`);
  return right(title, `You come from ${address}.`);
};

// Speaks with Tandem as its pages do, and measures how long it takes there and back.
const talk = () =>
  new Promise((done) => {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const url = `${scheme}://${window.location.host}/_event/?token=${uuid4()}&EIO=4&transport=websocket`;
    const heard = { opened: false, waits: [], arrived: [], code: 0 };
    let socket;
    try {
      socket = new WebSocket(url);
    } catch (error) {
      return done({ ...heard, error: error.message });
    }
    const end = () => {
      clearTimeout(timer);
      done(heard);
      socket.close();
    };
    const timer = setTimeout(end, PATIENCE);
    const sent = [];
    socket.onopen = () => (heard.opened = true);
    socket.onclose = ({ code }) => {
      heard.code = code;
      end();
    };
    socket.onmessage = async ({ data }) => {
      if (data.startsWith("0{")) socket.send("40/_event,");
      else if (data === "2") socket.send("3");
      else if (data.startsWith("40/_event,")) {
        for (let count = 0; count < PINGS && socket.readyState === WebSocket.OPEN; count++) {
          sent.push(performance.now());
          socket.send('42/_event,["ping"]');
          await pause(APART);
        }
      } else if (data.startsWith('42/_event,["ping"')) {
        heard.arrived.push(performance.now());
        heard.waits.push(performance.now() - sent[heard.waits.length]);
        if (heard.waits.length === PINGS) end();
      }
    };
  });

const socket = async (isRightAddress) => {
  const title = "A live connection opens";
  const heard = await talk();
  if (!heard.opened && !heard.waits.length) {
    if (!isRightAddress) return [wrong(title, "It was refused, because of the address: see above.")];
    return [wrong(title, `Requests pass and this does not: something in between does not let a WebSocket through. A proxy
      has to pass on "Upgrade" and "Connection" (docs/deploy.md has it for nginx, Caddy and Traefik); some company networks
      and security programs block them. (${heard.error ?? `code ${heard.code}`})`)];
  }
  if (heard.code === 1013) return [wrong(title, "Tandem has too many connections just now, or too many from your address.")];
  if (heard.code === 1008) return [wrong(title, "Tandem refused it. If this page was open for long, load it again.")];
  if (!heard.waits.length)
    return [wrong(title, `It opened, and then nothing came: something in between holds back what is sent. (code ${heard.code})`)];
  const wait = Math.round(median(heard.waits));
  const [first, last] = [heard.arrived[0], heard.arrived.at(-1)];
  const isBunched = heard.waits.length > 2 && last - first < APART;
  return [
    right(title, "As Tandem's pages open it."),
    wait < SLOW
      ? right("It is quick", `There and back takes ${wait} ms.`)
      : wrong("It is quick", `There and back takes ${wait} ms: the way is long, the network is busy, or Tandem is.`),
    isBunched
      ? wrong("Nothing is held back", "Answers came all at once: a proxy buffers. Have buffering turned off for it.")
      : right("Nothing is held back", "Each answer came when it was due."),
    ...(heard.waits.length < PINGS
      ? [wrong("It stays open", `It was lost after ${heard.waits.length} answers. (code ${heard.code})`)]
      : []),
  ];
};

export const look = async (show) => {
  const lines = [];
  const add = (...more) => {
    lines.push(...more);
    show([...lines]);
  };
  const first = await answers();
  add(first.line);
  if (!first.told) return lines;
  const where = address(first.told);
  add(where, await cookie(), clock(first), proxies(first.told));
  add(...(await socket(where.outcome === "right")));
  return lines;
};
