import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { cssVariablesResolver, theme } from "#ui/theme.ts";
import { Problem } from "./api/client.ts";
import { router } from "./router.tsx";
import { schemeManager } from "./scheme.ts";
import { sessionKey } from "./session.tsx";

/** A session that ended shows the sign-in page at once, whichever question found out. */
const whenSignedOut = (error: unknown) => {
  if (error instanceof Problem && error.status === 401) void queries.invalidateQueries({ queryKey: sessionKey });
};

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: whenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // a refusal is an answer; only a server that did not answer is asked again
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
});

export function App() {
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
