/** The upper half of code page 850, as the DOS heritage of French packages still writes it. */
const UPPER =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";

/** Text of bytes in code page 850. */
export function decode850(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte < 128 ? String.fromCharCode(byte) : (UPPER[byte - 128] ?? "\ufffd");
  return text;
}

/** Whether accented letters of bytes that are no UTF-8 stand where code page 850 has them rather than Windows-1252: é is 0x82, not 0xE9. */
export function looksLike850(bytes: Uint8Array): boolean {
  let dos = 0;
  let windows = 0;
  for (const byte of bytes) {
    if (byte >= 0x80 && byte <= 0x9b) dos += 1;
    else if (byte >= 0xc0) windows += 1;
  }
  return dos > windows;
}
