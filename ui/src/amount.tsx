import { type Amount as AmountValue, decimalText } from "./format.ts";
import { useFormats } from "./locale.tsx";

type AmountProps = {
  value: AmountValue | undefined | null;
  /** Rounded to whole units; the exact figure stands in the title. For strips and charts only. */
  whole?: boolean;
  /** Ordinary weight, for amounts that are not the subject of their row. */
  quiet?: boolean;
  /** Zero is written "–", as in a matrix. */
  dash?: boolean;
  /** Without its currency, where the row already names it (a matrix, a legend). */
  bare?: boolean;
  /** The double rule: this sum is final and equals its rows. */
  total?: boolean;
};

/** The one way an amount is shown. Credits are green with their minus; copying gives the raw number. */
export function Amount({
  value,
  whole = false,
  quiet = false,
  dash = false,
  bare = false,
  total = false,
}: AmountProps) {
  const formats = useFormats();
  if (!value) return <span className="t3">–</span>;
  if (dash && /^-?0*$/.test(value.minor)) return <span className="t3">–</span>;
  const credit = value.minor.startsWith("-");
  const className = `money${credit ? " money-credit" : ""}${quiet ? " money-quiet" : ""}`;
  const body = (
    <span className={className} data-raw={decimalText(value)} title={whole || bare ? formats.amount(value) : undefined}>
      {(bare ? formats.bareParts(value, whole) : formats.amountParts(value, whole)).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one written number have no other identity
        part.strong ? <span key={index}>{part.text}</span> : <i key={index}>{part.text}</i>,
      )}
    </span>
  );
  return total ? <span className="double-rule">{body}</span> : body;
}

/** Copying a selection that lies within one amount puts its raw number ("84312.46") on the clipboard. */
export function installRawCopy(document: Document): () => void {
  const onCopy = (event: ClipboardEvent) => {
    const selection = document.getSelection();
    const from = selection?.anchorNode?.parentElement?.closest<HTMLElement>("[data-raw]");
    const to = selection?.focusNode?.parentElement?.closest<HTMLElement>("[data-raw]");
    if (!from || from !== to || !event.clipboardData || !from.dataset.raw) return;
    event.clipboardData.setData("text/plain", from.dataset.raw);
    event.preventDefault();
  };
  document.addEventListener("copy", onCopy);
  return () => document.removeEventListener("copy", onCopy);
}
