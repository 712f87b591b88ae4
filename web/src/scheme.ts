import { localStorageColorSchemeManager } from "@mantine/core";

/** Where the chosen scheme is kept; `public/scheme.js` reads the same key before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: "encours.scheme" });
