import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM: iv, tag and ciphertext in one buffer. `key` is 32 bytes. */
export function encrypt(key: Buffer, plain: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Inverse of encrypt; throws when the key is wrong or a byte was changed. */
export function decrypt(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** Seals short secrets (mail password, wrapped keys) with a key derived from the installation's secret for one purpose. */
export type SecretBox = {
  seal(text: string): string;
  open(sealed: string): string;
  wrap(key: Buffer): Buffer;
  unwrap(wrapped: Buffer): Buffer;
  /** A 32-byte key for one further purpose. */
  derive(purpose: string): Buffer;
};

export function secretBox(installationSecret: Buffer, purpose = "secrets"): SecretBox {
  const key = Buffer.from(hkdfSync("sha256", installationSecret, "encours", purpose, 32));
  return {
    seal: (text) => encrypt(key, Buffer.from(text, "utf8")).toString("base64url"),
    open: (sealed) => decrypt(key, Buffer.from(sealed, "base64url")).toString("utf8"),
    wrap: (secret) => encrypt(key, secret),
    unwrap: (wrapped) => decrypt(key, wrapped),
    derive: (further) => Buffer.from(hkdfSync("sha256", installationSecret, "encours", further, 32)),
  };
}
