import type { ViewWrite } from "#contracts/views.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { findView, insertView, setViewRemoved, updateView, type ViewRow } from "../store/view-store.ts";

type ViewRefusal = "not_found" | "version_required" | "stale_version" | "not_permitted";

/** Keeps the state of a list under a name. Sharing it asks for its own permission. */
export async function addView(
  services: Services,
  actor: Actor,
  view: ViewWrite,
): Promise<Result<ViewRow, "not_permitted">> {
  if (view.isShared && !actor.permissions.has("views.share"))
    return refuse("not_permitted", { permission: "views.share" });
  return services.db.transaction(actor.tenant, async (tx) => {
    const id = newId();
    await insertView(tx, id, actor.id, view);
    await announce(tx, actor, "added", id, view);
    return done({ id, ...view, authorId: actor.id, isRemoved: false, version: 1 });
  });
}

/** Changes one's own view; those of others are read, not changed. */
export async function changeView(
  services: Services,
  actor: Actor,
  id: string,
  view: ViewWrite,
  version: number | undefined,
): Promise<Result<ViewRow, ViewRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await ownView(tx, actor, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    if (view.isShared && !before.isShared && !actor.permissions.has("views.share"))
      return refuse("not_permitted", { permission: "views.share" });
    await updateView(tx, id, view);
    await announce(tx, actor, "changed", id, view);
    return done({ ...before, name: view.name, isShared: view.isShared, search: view.search, version: version + 1 });
  });
}

/** Removes one's own view, or brings it back. */
export async function setRemoved(
  services: Services,
  actor: Actor,
  id: string,
  isRemoved: boolean,
): Promise<Result<Record<string, never>, "not_found">> {
  const at = isRemoved ? services.clock.now().toISOString() : null;
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await ownView(tx, actor, id);
    if (!before) return refuse("not_found");
    await setViewRemoved(tx, id, at);
    await announce(tx, actor, isRemoved ? "removed" : "brought_back", id, before);
    return done({});
  });
}

async function ownView(tx: Tx, actor: Actor, id: string): Promise<ViewRow | undefined> {
  const view = await findView(tx, id, "lock");
  return view?.authorId === actor.id ? view : undefined;
}

const announce = (tx: Tx, actor: Actor, what: string, id: string, view: Pick<ViewWrite, "list" | "isShared">) =>
  record(tx, actor, {
    kind: `segments.view.${what}`,
    version: 1,
    subject: { type: "view", id },
    payload: { list: view.list, isShared: view.isShared },
  });
