/** Points at which the fault test kills this process with SIGKILL. `ENCOURS_FAILPOINT=name` or `name:n` (at the n-th passing); inert when unset. */
export type Failpoint =
  | "before_claim"
  | "after_claim"
  | "after_handing_over"
  | "after_data"
  | "after_dot_before_reply"
  | "after_reply_before_commit";

const [armed, count] = (process.env.ENCOURS_FAILPOINT ?? "").split(":");
let left = Number(count ?? 1);

export function failpoint(name: Failpoint): void {
  if (armed !== name) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, "SIGKILL");
}
