// What is typed and not sent yet, kept in this browser. A draft has a key, by which the server knows a text that it gets
// twice.

export const newKey = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16));

export const drafts = {
  get: (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null; // Nothing that we can read, or a browser that keeps nothing.
    }
  },
  set: (name, draft) => {
    try {
      if (draft?.text) localStorage.setItem(name, JSON.stringify(draft));
      else localStorage.removeItem(name);
    } catch {
      return; // A browser that keeps nothing: the text stays on the screen all the same.
    }
  },
};
