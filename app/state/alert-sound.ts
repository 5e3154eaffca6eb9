/** Sounds of alerts, made in the browser: one pattern a severity, more urgent ones higher and more often. */
import type { GuardSeverity } from '../../workers/contract/guard-board.ts';

/** Pitch in hertz and number of notes. */
const PATTERNS: Readonly<Record<GuardSeverity, { readonly hertz: number; readonly notes: number }>> = {
  info: { hertz: 440, notes: 1 },
  warning: { hertz: 523, notes: 1 },
  danger: { hertz: 659, notes: 2 },
  critical: { hertz: 784, notes: 3 },
  emergency: { hertz: 988, notes: 5 },
};
const NOTE_SECONDS = 0.12;
const GAP_SECONDS = 0.08;
const LOUDNESS = 0.12;

let context: AudioContext | null = null;

/** Plays the pattern of a severity. Browsers allow sound only after the reader pressed something: until then it stays silent. */
export function chime(severity: GuardSeverity): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const { hertz, notes } = PATTERNS[severity];
    for (let note = 0; note < notes; note++) {
      playNote(context, hertz, context.currentTime + note * (NOTE_SECONDS + GAP_SECONDS));
    }
  } catch {
    // No sound device: the alert is on screen all the same.
  }
}

function playNote(audio: AudioContext, hertz: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  gain.gain.linearRampToValueAtTime(0, at + NOTE_SECONDS);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_SECONDS);
}
