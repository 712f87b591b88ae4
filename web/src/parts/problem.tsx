import type { ReactNode } from "react";
import { Note } from "#ui/surfaces.tsx";

/** A refusal beside the action that met it; nothing while there is none. */
export const Problem = ({ children }: { children: ReactNode }) =>
  children ? (
    <Note tone="danger" role="alert">
      {children}
    </Note>
  ) : null;
