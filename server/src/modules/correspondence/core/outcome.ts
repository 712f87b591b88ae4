/** How far a hand-over got before it ended. `after_data`: every byte up to and with the final dot was given to the connection. */
export type Stage =
  | "connect"
  | "greeting"
  | "tls"
  | "login"
  | "mail_from"
  | "recipient"
  | "data"
  | "body"
  | "after_data";

/** What happened: an answer of the server (`code` 200..599), or no answer (`code` 0: cut, refused, timed out). */
export type HandOver = { readonly stage: Stage; readonly code: number; readonly reply: string };

/**
 * accepted: the server took it. refused: it never will, do not try again. retry: not taken, try later. in_doubt: it cannot be known.
 * `blame` says what failed: the address (suppress it), this message, or the channel (pause it for all messages).
 */
export type Outcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly blame: "address" | "message"; readonly reason: string }
  | { readonly kind: "retry"; readonly blame: "message" | "channel"; readonly reason: string }
  | { readonly kind: "in_doubt"; readonly reason: string };

/** Classifies one hand-over (RFC 5321 4.2.1 and 4.5.4; RFC 1047 for the gap after the final dot). */
export function outcomeOf({ stage, code }: HandOver): Outcome {
  if (stage === "after_data") {
    if (code >= 200 && code < 300) return { kind: "accepted" };
    if (code === 0) return { kind: "in_doubt", reason: "no_answer_after_data" };
    if (code >= 500) return { kind: "refused", blame: "message", reason: `smtp_${code}` };
    return { kind: "retry", blame: "message", reason: `smtp_${code}` };
  }
  if (stage === "connect" || stage === "greeting" || stage === "tls" || stage === "login")
    return { kind: "retry", blame: "channel", reason: code === 0 ? `${stage}_failed` : `${stage}_${code}` };
  if (code === 0) return { kind: "retry", blame: "message", reason: `cut_at_${stage}` };
  if (code === 421) return { kind: "retry", blame: "channel", reason: "smtp_421" };
  if (code >= 500) {
    // Authentication asked for, or relaying denied: our settings, not the customer's address.
    if (code === 530 || code === 535 || code === 538)
      return { kind: "retry", blame: "channel", reason: `smtp_${code}` };
    return { kind: "refused", blame: stage === "recipient" ? "address" : "message", reason: `smtp_${code}` };
  }
  return { kind: "retry", blame: "message", reason: `smtp_${code}` };
}

const FIRST_DELAY_S = 60;
const LONGEST_DELAY_S = 4 * 3600;
/** Roughly two and a half days of trying. */
export const MAX_ATTEMPTS = 20;

/** Seconds until the next attempt after `attempts` of them: doubling from one minute to four hours, ± 25 % (`random` in 0..1). */
export function retryDelaySeconds(attempts: number, random: number): number {
  const base = Math.min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** Math.max(0, attempts - 1));
  return Math.round(base * (0.75 + random * 0.5));
}

/** Seconds that a channel rests after `failures` failures in a row of its own: 5 s doubling to 5 minutes, ± 25 %. */
export function channelPauseSeconds(failures: number, random: number): number {
  return Math.min(300, 5 * 2 ** Math.max(0, failures - 1)) * (0.75 + random * 0.5);
}
