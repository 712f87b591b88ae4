/** A file that was refused for want of columns, on its way to the screen that asks for them. Lost on reload: the screen then asks for it. */
let pending: File | undefined;

export const handOver = (file: File): void => {
  pending = file;
};

export function takeOver(): File | undefined {
  const file = pending;
  pending = undefined;
  return file;
}
