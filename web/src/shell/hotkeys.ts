import { useEffect, useRef } from "react";
import { isTyping } from "#ui/toasts.tsx";

const KEPT = "encours.letters";

/** Single letters do things unless the reader switched them off (WCAG 2.1.4). */
export const lettersAreOn = (): boolean => localStorage.getItem(KEPT) !== "off";
export const switchLetters = (on: boolean): void => localStorage.setItem(KEPT, on ? "on" : "off");

const inDialog = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement && event.target.closest('[role="dialog"]') !== null;

/**
 * Binds single keys of a page ("r", "f", "?") while it is shown. Keys inside fields and dialogs are left alone. One that answers `false` did nothing: the key
 * goes its usual way. `first`: before the keys of the frame around the page.
 */
export function useHotkeys(bindings: Readonly<Record<string, () => unknown>>, first = false): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event) || inDialog(event) || !lettersAreOn()) return;
      const act = latest.current[event.key];
      if (act && act() !== false) event.preventDefault();
    };
    window.addEventListener("keydown", onKey, first);
    return () => window.removeEventListener("keydown", onKey, first);
  }, [first]);
}

/** G then a letter goes somewhere; the second key must follow within 1.2 s. */
export function useGoKeys(go: (letter: string) => boolean): void {
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    let armedUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || inDialog(event) || !lettersAreOn())
        return;
      if (event.key === "g") {
        armedUntil = performance.now() + 1200;
        return;
      }
      const armed = performance.now() < armedUntil;
      armedUntil = 0;
      if (armed && latest.current(event.key)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}
