import type { Permission } from "#contracts/permissions.ts";
import type { TenantId } from "#kernel/ids.ts";

/** Who acts: one person, key or the system itself, always inside one tenant. */
export type Actor = {
  readonly tenant: TenantId;
  readonly kind: "user" | "api_key" | "system";
  /** User id, key id, or the name of the job for the system. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly language: "fr" | "en";
  /** The only source that a key may speak for; absent: any. */
  readonly sourceId?: string;
  /** IANA zone of the tenant: what "today" means. */
  readonly zone: string;
};
