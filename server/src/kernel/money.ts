/** ISO 4217 alphabetic code, upper case. */
export type Currency = string & { readonly __brand: "Currency" };

/** Exact amount. `minor` counts the smallest unit of `currency`: cents for EUR, yen for JPY. */
export type Money = { readonly minor: bigint; readonly currency: Currency };

/** Minor-unit digits where they are not 2 (ISO 4217 list one). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Active ISO 4217 currencies, funds and metals left out. */
const CODES = new Set(
  (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC " +
    "CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD " +
    "JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO " +
    "NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS " +
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
  ).split(" "),
);

/** The currency when `text` is an active ISO 4217 code in any case, else undefined. */
export function parseCurrency(text: string): Currency | undefined {
  const code = text.trim().toUpperCase();
  return CODES.has(code) ? (code as Currency) : undefined;
}

/** Like parseCurrency; throws on anything else. For literals and checked values. */
export function currency(code: string): Currency {
  const parsed = parseCurrency(code);
  if (!parsed) throw new RangeError(`not an ISO 4217 currency: ${code.slice(0, 10)}`);
  return parsed;
}

export const EUR = "EUR" as Currency;

/** Digits after the decimal mark: EUR 2, JPY 0, KWD 3. */
export const exponentOf = (of: Currency): number => EXPONENTS[of] ?? 2;

export const money = (minor: bigint, of: Currency): Money => ({ minor, currency: of });
export const eur = (minor: bigint): Money => money(minor, EUR);
export const zero = (of: Currency): Money => money(0n, of);

/** Sum of two amounts of one currency; throws when they differ. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

export const negate = (a: Money): Money => ({ minor: -a.minor, currency: a.currency });

/** −1, 0 or 1; throws when currencies differ. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0;
}

export const isLess = (a: Money, b: Money): boolean => compare(a, b) < 0;

/** `numerator / denominator` rounded half away from zero, as invoices do. `denominator` must not be 0. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}

/** `rateBp` is basis points (1 bp = 0.01 %). Rounds half away from zero. */
export const percentOf = (amount: Money, rateBp: bigint): Money => ({
  minor: divideRounded(amount.minor * rateBp, 10_000n),
  currency: amount.currency,
});

/** `part / whole` of `amount`, rounded half away from zero; 0 when `whole` is 0. */
export const proRata = (amount: bigint, part: bigint, whole: bigint): bigint =>
  whole === 0n ? 0n : divideRounded(amount * part, whole);

/** "1234.50": plain decimal with the currency's digits and a point, for files and messages between machines. */
export function toDecimal(amount: Money): string {
  const digits = exponentOf(amount.currency);
  const sign = amount.minor < 0n ? "-" : "";
  const text = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Inverse of toDecimal for plain "-1234.5"; undefined when not a number or with more digits than the currency has. */
export function fromDecimal(text: string, of: Currency): Money | undefined {
  const parts = /^([+-]?)(\d{1,15})(?:\.(\d*))?$/.exec(text);
  if (!parts) return undefined;
  const digits = exponentOf(of);
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) return undefined;
  const minor = BigInt(`${parts[2]}${fraction.padEnd(digits, "0")}`);
  return { minor: parts[1] === "-" ? -minor : minor, currency: of };
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new TypeError(`cannot combine ${a.currency} with ${b.currency}`);
}
