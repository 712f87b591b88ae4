import { types } from "pg";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;
const DATE_ARRAY = 1182;
const INT8_ARRAY = 1016;

const asText = (value: string) => value;
const arrayOf = (parse: (text: string) => unknown) => (value: string) =>
  value === "{}"
    ? []
    : value
        .slice(1, -1)
        .split(",")
        .map((one) => (one === "NULL" ? null : parse(one)));

const PARSERS = new Map<number, (value: string) => unknown>([
  [INT8, BigInt],
  [DATE, asText],
  [NUMERIC, asText],
  [DATE_ARRAY, arrayOf(asText)],
  [INT8_ARRAY, arrayOf(BigInt)],
  [TIMESTAMPTZ, (value) => new Date(value).toISOString()],
]);

/** How values of PostgreSQL arrive in TypeScript: int8 bigint, date and numeric text, instants ISO text, the rest as the driver does. */
export const typeParsers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    (format !== "binary" && PARSERS.get(oid)) || types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};
