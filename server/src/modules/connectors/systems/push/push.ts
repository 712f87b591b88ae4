import type { Connector } from "../../connector/connector.ts";

/** A source that others fill: programs by the push API, and the agent beside a database. Its runs are opened by them. */
export const pushConnector: Connector = {
  key: "push",
  isPushed: true,
  maxCompanies: 10,
  hasParts: false,
  settings: [],
  test: async () => ({ isReached: true, parts: [], details: {} }),
  run: async function* () {},
};
