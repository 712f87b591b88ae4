import { IconCircleCheck, IconX } from "@tabler/icons-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Key } from "./key.tsx";
import { useLocale } from "./locale.tsx";

type Toast = { id: number; text: ReactNode; undo?: (() => void) | undefined; undoLabel?: string | undefined };
type Toasts = {
  /** Shows one line for 10 s; it waits while hovered or focused. `undo` is a named reverse action, also on Z. */
  show: (text: ReactNode, undo?: () => void, undoLabel?: string) => void;
};

const ToastContext = createContext<Toasts | undefined>(undefined);
const LIFE_MS = 10_000;
let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const { texts } = useLocale();
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<Toasts["show"]>((text, undo, undoLabel) => {
    lastId += 1;
    const id = lastId;
    setToasts((all) => [...all.slice(-2), { id, text, undo, undoLabel }]);
  }, []);
  const value = useMemo(() => ({ show }), [show]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const last = toasts.findLast((toast) => toast.undo);
      if (!last) return;
      event.preventDefault();
      last.undo?.();
      drop(last.id);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [toasts, drop]);

  return (
    <ToastContext value={value}>
      {children}
      <section className="toasts" aria-label={texts.notifications} aria-live="polite">
        {toasts.map((toast) => (
          <ToastLine key={toast.id} toast={toast} onDone={() => drop(toast.id)} />
        ))}
      </section>
    </ToastContext>
  );
}

/** True where a letter key means text. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function ToastLine({ toast, onDone }: { toast: Toast; onDone: () => void }) {
  const { texts } = useLocale();
  const [held, setHeld] = useState(false);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => done.current(), LIFE_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div
      className="toast"
      role="status"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <IconCircleCheck className="icon" stroke={1.75} aria-hidden="true" />
      <span className="toast-text">{toast.text}</span>
      {toast.undo ? (
        <>
          <button
            type="button"
            onClick={() => {
              toast.undo?.();
              onDone();
            }}
          >
            {toast.undoLabel ?? texts.undo}
          </button>
          <Key>Z</Key>
        </>
      ) : null}
      <button type="button" aria-label={texts.close} onClick={onDone}>
        <IconX className="icon" stroke={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error("ToastProvider is missing");
  return toasts;
}
