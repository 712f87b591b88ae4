/** Amount as the API sends it: whole minor units as decimal text beside their ISO 4217 code. */
export type Amount = { readonly minor: string; readonly currency: string };
export type Language = "fr" | "en";

/** A piece of a written amount; `strong` is the whole part with its sign, the rest is set quiet. */
export type AmountPart = { readonly text: string; readonly strong: boolean };

const LOCALE = { fr: "fr-FR", en: "en-GB" } as const;
const MINUS = "−";

/** Digits after the decimal mark, from Intl: EUR 2, JPY 0, KWD 3. */
export function fractionDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** "84312.46": exact decimal text of whole minor units; no float takes part. */
export function decimalText(amount: Amount): string {
  const digits = fractionDigits(amount.currency);
  const negative = amount.minor.startsWith("-");
  const bare = (negative ? amount.minor.slice(1) : amount.minor).padStart(digits + 1, "0");
  const text = digits === 0 ? bare : `${bare.slice(0, -digits)}.${bare.slice(-digits)}`;
  return negative ? `-${text}` : text;
}

/** Reads "1 234,56", "1.234,56", "1,234.56", "1234,5" in minor units of `currency`; undefined when it is none of these. */
export function readAmount(text: string, currency: string): string | undefined {
  const digits = fractionDigits(currency);
  const bare = text.replace(/[\s\u00A0\u202F€$£']/g, "").replace(/^−/, "-");
  const match = /^(-?)([\d.,]+)$/.exec(bare);
  const body = match?.[2];
  if (!match || !body) return undefined;
  const mark = Math.max(body.lastIndexOf(","), body.lastIndexOf("."));
  const tail = mark < 0 ? "" : body.slice(mark + 1);
  const isDecimal = mark >= 0 && tail.length <= digits && tail.length > 0;
  const whole = (isDecimal ? body.slice(0, mark) : body).replace(/[.,]/g, "");
  if (!/^\d{0,15}$/.test(whole)) return undefined;
  const minor = `${whole || "0"}${(isDecimal ? tail : "").padEnd(digits, "0")}`.replace(/^0+(?=\d)/, "");
  return match[1] && minor !== "0" ? `-${minor}` : minor;
}

export type Formats = ReturnType<typeof formatsFor>;

/** Everything that is written for a reader of `language`, through Intl. `zone` is the organisation's IANA zone. */
export function formatsFor(language: Language, zone: string) {
  const locale = LOCALE[language];
  const money = new Map<string, Intl.NumberFormat>();
  const moneyFormat = (currency: string, whole: boolean) => {
    const key = currency + whole;
    const known = money.get(key);
    if (known) return known;
    const digits = whole ? 0 : fractionDigits(currency);
    const made = new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    money.set(key, made);
    return made;
  };
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const fineRatio = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const ratio = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const inUtc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const shortDay = inUtc({ day: "2-digit", month: "2-digit", year: "numeric" });
  const longDay = inUtc({ day: "numeric", month: "long", year: "numeric" });
  const weekDay = inUtc({ weekday: "long", day: "numeric", month: "long" });
  const marginDay = inUtc({ day: "numeric", month: "short" });
  const oldDay = inUtc({ day: "2-digit", month: "2-digit", year: "2-digit" });
  const month = inUtc({ month: "short", year: "2-digit" });
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const zoned = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });

  const amountParts = (amount: Amount, whole = false): AmountPart[] => {
    const parts: AmountPart[] = [];
    for (const part of moneyFormat(amount.currency, whole).formatToParts(
      decimalText(amount) as Intl.StringNumericLiteral,
    )) {
      const strong = part.type === "integer" || part.type === "group" || part.type === "minusSign";
      const text = part.type === "minusSign" ? MINUS : part.value;
      const last = parts.at(-1);
      if (last && last.strong === strong) parts[parts.length - 1] = { text: last.text + text, strong };
      else parts.push({ text, strong });
    }
    return parts;
  };
  /** The same without currency and the space beside it. */
  const bareParts = (amount: Amount, whole = false): AmountPart[] => {
    const symbol = moneyFormat(amount.currency, whole)
      .formatToParts(0)
      .find((part) => part.type === "currency")?.value;
    return amountParts(amount, whole)
      .map((part) => (part.strong || !symbol ? part : { ...part, text: part.text.replace(symbol, "").trim() }))
      .filter((part) => part.text !== "");
  };
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

  return {
    language,
    locale,
    zone,
    amountParts,
    bareParts,
    amount: (amount: Amount, whole = false) =>
      amountParts(amount, whole)
        .map((part) => part.text)
        .join(""),
    number: (value: number | bigint) => integer.format(value).replace("-", MINUS),
    /** With one decimal where there is one. */
    decimal: (value: number) => oneDecimal.format(value).replace("-", MINUS),
    /** "2026-11" as nov. 26 */
    month: (value: string) => month.format(at(`${value}-01`)),
    percent: (value: number) => ratio.format(value),
    /** Basis points with their two digits: 9 987 → 99,87 %. */
    share: (basisPoints: number) => fineRatio.format(basisPoints / 10_000),
    /** 24/11/2026 */
    day: (day: string) => shortDay.format(at(day)),
    /** 24 novembre 2026 */
    dayLong: (day: string) => longDay.format(at(day)),
    /** mardi 24 novembre */
    dayInWeek: (day: string) => weekDay.format(at(day)),
    /** 24 nov.; with the year where it is not that of `today`: 24/11/25 */
    dayMargin: (day: string, today = day) =>
      (day.slice(0, 4) === today.slice(0, 4) ? marginDay : oldDay).format(at(day)),
    /** The organisation's calendar day of an instant. */
    dayOf: (instant: string) => zoned.format(Date.parse(instant)),
    /** 6 h 42 in French, 06:42 in English */
    time: (instant: string) => {
      const text = clock.format(Date.parse(instant));
      if (language === "en") return text;
      const [hours = "", minutes = ""] = text.split(":");
      return `${Number(hours)}\u00A0h\u00A0${minutes}`;
    },
    compare: new Intl.Collator(locale, { sensitivity: "base", numeric: true }).compare,
    list: (items: readonly string[]) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items),
    bytes: (count: number) => {
      const step = count < 1000 ? 0 : count < 1_000_000 ? 1 : 2;
      const unit = (["byte", "kilobyte", "megabyte"] as const)[step] ?? "byte";
      const format = new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: step === 2 ? 1 : 0 });
      return format.format(count / 1000 ** step);
    },
  };
}

/** Whole days from `from` to `to`, both "YYYY-MM-DD". */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** "481 207 336": groups of three from the left, for SIREN; IBAN by four. */
export const grouped = (text: string, size: number): string =>
  text.replace(/\s/g, "").replace(new RegExp(`(.{${size}})(?=.)`, "g"), "$1\u00A0");
