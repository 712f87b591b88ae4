import { nameWords } from "#modules/parties/index.ts";

/** Least length of a number that says something. */
const TELLING = 3;

const bare = (number: string): string => number.toLowerCase().replace(/[^a-z0-9]/g, "");
/** "F00123" and "C123" of one party differ by their letter and their zeros. */
const digits = (number: string): string =>
  bare(number)
    .replace(/^[a-z]+/, "")
    .replace(/^0+/, "");

type Party = { readonly number: string; readonly foldedName: string };

/** Whether a supplier may be the customer: the same words in the name, or the same number but for the letter and the zeros before it and one word in common. */
export function maySupply(customer: Party, supplier: Party): boolean {
  const own = nameWords(customer.foldedName);
  const other = nameWords(supplier.foldedName);
  if (own.join(" ").length >= TELLING && own.join(" ") === other.join(" ")) return true;
  const number = digits(customer.number);
  return number.length >= TELLING && number === digits(supplier.number) && own.some((word) => other.includes(word));
}
