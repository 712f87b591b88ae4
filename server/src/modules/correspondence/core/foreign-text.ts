/** Line ends, control and direction characters: what could break a line, a header or the order in which a text is read. */
const CONTROLS = String.raw`\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069`;
const CONTROL = new RegExp(`[${CONTROLS}]`, "u");
const UNSAFE = new RegExp(`[${CONTROLS}\\ufeff]+`, "gu");
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export const hasControl = (text: string): boolean => CONTROL.test(text);

/** Text of others on one line: no line ends, control or direction characters. */
export const oneLine = (text: string): string => text.replace(UNSAFE, " ").replace(LONE_SURROGATE, "\ufffd").trim();
