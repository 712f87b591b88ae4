import { IconArrowLeft, IconRefresh } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { BankLine } from "#contracts/cash.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { Note, PageHead } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { usePhone } from "#ui/use-phone.ts";
import {
  actions,
  CASH,
  type LineApply,
  type LineDetail,
  type LineQuery,
  lineQuery,
  linesQuery,
} from "../../api/cash.ts";
import { Problem } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Failed, Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { ByHand } from "./by-hand.tsx";
import { Applied, LineFacts, Returned, ReturnReason } from "./line-aside.tsx";
import { BankAmount, LineList } from "./line-list.tsx";
import { OpenItems } from "./open-items.tsx";
import { Proposal } from "./proposal.tsx";

const TABS = ["todo", "returns", "rule", "person", "aside"] as const;
type Tab = (typeof TABS)[number];
const QUERIES: Readonly<Record<Tab, LineQuery>> = {
  todo: { state: "waiting", side: "receipt" },
  returns: { side: "return" },
  rule: { state: "applied", side: "receipt", origin: "rule" },
  person: { state: "applied", side: "receipt", origin: "person" },
  aside: { state: "set_aside" },
};

/** The grid of bank lines: one key a line. Enter accepts, arrows turn to other proposals, / searches, a digit writes an amount, U takes back. */
export function Matching() {
  const { t } = useT();
  const phone = usePhone();
  const { may, company } = useWorkplace();
  const [search, set] = useSearchState();
  const { act, waiting, problem } = useAct();
  const tab = TABS.find((one) => one === search.tab) ?? "todo";
  const query = useInfiniteQuery(linesQuery({ ...QUERIES[tab], ...(company ? { companyId: company.id } : {}) }));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  usePageTitle(t("nav.matching"));
  const lines = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = query.data?.pages[0]?.total;
  const chosen = search.line ?? (phone ? undefined : lines[0]?.id);
  const mayPost = may("cash.post");
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const move = (step: number) => {
    const at = lines.findIndex((line) => line.id === chosen);
    const next = lines[Math.max(0, Math.min(lines.length - 1, at + step))];
    if (next) set({ line: next.id });
  };
  const down = () => move(1);
  const up = () => move(-1);
  useHotkeys(
    keys([
      ["j", down],
      ["k", up],
      ["ArrowDown", down],
      ["ArrowUp", up],
    ]),
  );
  /** The one after a line that leaves the list, or the one before at its end. */
  const leave = (line: BankLine) => {
    const at = lines.findIndex((one) => one.id === line.id);
    set({ line: phone ? undefined : (lines[at + 1] ?? lines[at - 1])?.id });
  };
  const refresh = () =>
    void act(() => actions.match(), {
      refresh: CASH,
      done: (run) => t("matching.ran", { posted: run.posted, returns: run.returns }),
    });
  return (
    <>
      <PageHead
        title={t("nav.matching")}
        actions={
          <>
            <Link className={buttonClass({})} to="/bank/report">
              {t("cashReport.title")}
            </Link>
            {mayPost ? (
              <Button icon={IconRefresh} waiting={waiting} onClick={refresh}>
                {t("matching.again")}
              </Button>
            ) : null}
          </>
        }
      >
        {phone ? null : t("matching.lead")}
      </PageHead>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      <div className={phone ? undefined : "with-aside with-aside-left"}>
        {phone && chosen ? null : (
          <section className="sheet" aria-label={t("matching.lines")}>
            <div className="sheet-tabs">
              <Tabs
                label={t("nav.matching")}
                value={tab}
                onChange={(next) => set({ tab: next === "todo" ? undefined : next, line: undefined })}
                items={TABS.map((key) => ({
                  key,
                  label: t(`matching.tab.${key}`),
                  ...(key === tab && total ? { count: total.count } : {}),
                }))}
              />
            </div>
            {query.isPending ? (
              <Loading rows={8} columns={2} />
            ) : query.isError ? (
              <Failed error={query.error} onRetry={() => void query.refetch()} />
            ) : lines.length === 0 ? (
              <EmptyState title={t(tab === "todo" ? "matching.nothing" : "matching.noneHere")}>
                {t(tab === "todo" ? "matching.nothingText" : "matching.noneHereText")}
              </EmptyState>
            ) : (
              <LineList lines={lines} chosen={chosen} onChoose={(line) => set({ line })} onEnd={onEnd} />
            )}
          </section>
        )}
        {chosen ? (
          <aside className={phone ? undefined : "aside-sticky"}>
            {phone ? (
              <Button tone="quiet" icon={IconArrowLeft} onClick={() => set({ line: undefined })}>
                {t("matching.back")}
              </Button>
            ) : null}
            <Current key={chosen} lineId={chosen} onLeave={leave} />
          </aside>
        ) : null}
      </div>
    </>
  );
}

function Current({ lineId, onLeave }: { lineId: string; onLeave: (line: BankLine) => void }) {
  const query = useQuery(lineQuery(lineId));
  // above the line: what was refused stays said while the line is read again
  const acting = useAct();
  const { failure } = acting;
  const { refetch } = query;
  useEffect(() => {
    if (failure instanceof Problem && (failure.status === 412 || failure.status === 409)) void refetch();
  }, [failure, refetch]);
  return (
    <section className="sheet">
      <Loaded query={query} rows={6} columns={2}>
        {(line) => <Line key={line.version} line={line} acting={acting} onLeave={onLeave} />}
      </Loaded>
    </section>
  );
}

type Key = readonly [string, () => unknown];
/** Keys of the page by name. */
const keys = (list: readonly Key[]): Record<string, () => unknown> => Object.fromEntries(list);

/** Enter on a link or another button presses that; on a line of the list it accepts. */
function isOnControl(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && at.closest("a, button") !== null && !at.classList.contains("match-line");
}

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

function Line(props: { line: LineDetail; acting: ReturnType<typeof useAct>; onLeave: (line: BankLine) => void }) {
  const { line, onLeave } = props;
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = props.acting;
  const [at, setAt] = useState(0);
  const [byHand, setByHand] = useState<{ digit?: string } | undefined>();
  const busy = useRef(false);
  const mayPost = may("cash.post");
  const isOpen = line.state === "waiting" && line.side === "receipt";
  const after = { refresh: CASH };
  /** One at a time: a key held down does not post twice. */
  const once = async (work: () => Promise<unknown>) => {
    if (busy.current) return;
    busy.current = true;
    await work();
    busy.current = false;
  };
  const apply = (body: LineApply) =>
    void once(() =>
      act(() => actions.apply(line, body), {
        ...after,
        done: t("matching.done", { name: line.payerName ?? formats.amount(line.amount) }),
        undo: (posted) => actions.undo(posted, null),
        next: onLeave,
      }),
    );
  const undo = () =>
    void once(() => act(() => actions.undo(line, null), { ...after, done: t("matching.undone"), next: onLeave }));
  const aside = (isAside: boolean) =>
    void once(() =>
      act(() => actions.aside(line, isAside, null), {
        ...after,
        done: t(isAside ? "matching.wasSetAside" : "matching.takenUp"),
        undo: (changed) => actions.aside(changed, !isAside, null),
        next: onLeave,
      }),
    );
  const reject = (paymentId: string, chargeMinor: string) =>
    void once(() =>
      act(() => actions.reject(line, paymentId, chargeMinor), {
        ...after,
        done: t("matching.wasRejected"),
        undo: (posted) => actions.undo(posted, null),
        next: onLeave,
      }),
    );
  const turn = (step: number) => setAt((now) => Math.max(0, Math.min(line.candidates.length - 1, now + step)));
  const write = (digit: string) => setByHand({ digit });
  const accept = () => line.candidates[at] && apply({ candidate: at });
  const working: Key[] = [
    ["Enter", () => (isOnControl() ? false : accept())],
    ["ArrowRight", () => turn(1)],
    ["ArrowLeft", () => turn(-1)],
    ["/", () => setByHand({})],
    ["x", () => aside(true)],
    ...DIGITS.map((digit): Key => [digit, () => write(digit)]),
  ];
  useHotkeys(keys(!mayPost || byHand ? [] : isOpen ? working : line.application ? [["u", undo]] : []), true);
  return (
    <div className="pad stack gap-16">
      <div className="row row-top">
        <div className="grow">
          <h2>{line.payerName ?? t("matching.unnamed")}</h2>
          <p className="t2">{formats.dayLong(line.valueOn)}</p>
        </div>
        <span className="line-amount">
          <BankAmount value={line.amount} />
        </span>
      </div>
      <Refusal>{problem}</Refusal>
      <LineFacts line={line} />
      {isOpen && byHand ? (
        <ByHand
          line={line}
          start={line.candidates[at]}
          digit={byHand.digit}
          onApply={apply}
          onClose={() => setByHand(undefined)}
          waiting={waiting}
        />
      ) : isOpen ? (
        <Proposal
          line={line}
          at={at}
          onTurn={setAt}
          onAccept={accept}
          onSearch={() => setByHand({})}
          onAside={() => aside(true)}
          waiting={waiting}
          mayPost={mayPost}
        />
      ) : null}
      {isOpen && !byHand && line.candidates[at] ? <OpenItems line={line} candidate={line.candidates[at]} /> : null}
      {line.state === "waiting" && line.side === "return" ? (
        <>
          <Returned line={line} onReject={reject} waiting={waiting} mayPost={mayPost} />
          {mayPost ? (
            <div>
              <Button tone="quiet" waiting={waiting} onClick={() => aside(true)}>
                {t("matching.setAside")}
              </Button>
            </div>
          ) : null}
        </>
      ) : null}
      {line.state === "applied" && line.side === "return" ? <ReturnReason line={line} /> : null}
      <Applied line={line} onUndo={undo} waiting={waiting} mayPost={mayPost} />
      {line.state === "set_aside" ? (
        <>
          <p className="t2">
            {line.setAsideReason === "not_a_receipt" || line.side === "other"
              ? t("matching.notAReceipt")
              : t("matching.asideText")}
          </p>
          {mayPost && line.side !== "other" ? (
            <div>
              <Button waiting={waiting} onClick={() => aside(false)}>
                {t("matching.takeUp")}
              </Button>
            </div>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
