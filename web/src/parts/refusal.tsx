import type { ReactNode } from "react";
import { Note } from "#ui/surfaces.tsx";

/** Why the action beside it was refused, in words; nothing while there is no reason. `isPadded` where no form gives it room. */
export function Refusal({ children, isPadded = false }: { children: ReactNode; isPadded?: boolean }) {
  if (!children) return null;
  const note = (
    <Note tone="danger" role="alert">
      {children}
    </Note>
  );
  return isPadded ? <div className="pad">{note}</div> : note;
}
