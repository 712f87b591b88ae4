import { useSyncExternalStore } from "react";

const query = "(max-width: 48em)";

/** True at phone width; follows the window. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
