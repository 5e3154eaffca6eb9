/** Lets messages be answered between two slices of work; a timer would wait four milliseconds each time. */

/** Resolves in a later turn of the message loop, after what has come in meanwhile. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
