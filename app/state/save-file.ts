/** Files in and out of the page: saving text, and asking for a file. */

/** Saves text as a file through the browser's download. */
export function saveText(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type }));
}

/** Saves bytes that are a file already. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Asks for one file; nothing happens when the reader changes their mind. */
export function askForFile(accept: string, use: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.hidden = true;
  input.addEventListener('change', () => {
    input.remove();
    const file = input.files?.[0];
    if (file !== undefined) use(file);
  });
  input.addEventListener('cancel', () => input.remove());
  // In the document while the picker is open: a detached input may be collected before it answers.
  document.body.append(input);
  input.click();
}
