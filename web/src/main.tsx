import { createRoot } from "react-dom/client";
import "#ui/index.css";
import { installRawCopy } from "#ui/amount.tsx";
import { App } from "./app.tsx";
import { firstLanguage, startTranslation } from "./i18n/index.ts";

const root = document.getElementById("root");
if (!root) throw new Error("no #root in the page");
await startTranslation(firstLanguage());
installRawCopy(document);
createRoot(root).render(<App />);
