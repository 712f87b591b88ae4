import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.ENCOURS_API ?? "http://127.0.0.1:3000";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Fonts and icons stay files of their own: the content security policy admits no data: addresses for fonts.
export default defineConfig({
  root: here("."),
  plugins: [react()],
  server: {
    port: 5173,
    // sign-in checks where a request comes from: through this proxy it comes from the server's own address
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
    fs: { allow: [here("..")] },
  },
  build: {
    outDir: here("./dist"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
});
