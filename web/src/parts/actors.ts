import { lookUp, type Translate } from "../i18n/index.ts";

/** Who did it, in words: people by name, the system's own work by what it is. */
export const actorName = (name: string, t: Translate): string => lookUp(t, `actor.${name}`, {}, name);
