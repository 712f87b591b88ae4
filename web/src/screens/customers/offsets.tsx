import { IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Offset, OffsetList, SupplierAccount } from "#contracts/credit.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { CheckField, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, offsetsQuery, suppliersQuery } from "../../api/credit.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useSettled } from "../../parts/use-settled.ts";
import { useWorkplace } from "../../session.tsx";

const REFRESH = [["customers"], ["suppliers"]];

/** A customer who also sells to us: what we owe them, account by account. Shown where the books name suppliers at all. */
export function Offsets({ customerId }: { customerId: string }) {
  const { may } = useWorkplace();
  const [{ asOf, knownOn }] = useSearchState();
  const query = useQuery({ ...offsetsQuery(customerId, { asOf, knownOn }), enabled: may("receivables.read") });
  const data = query.data;
  return data && data.supplierCount > 0 ? <Suppliers customerId={customerId} data={data} /> : null;
}

type Open = "add" | Offset;

function Suppliers({ customerId, data }: { customerId: string; data: OffsetList }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const [open, setOpen] = useState<Open | undefined>();
  const close = () => setOpen(undefined);
  const writes = may("customers.write");
  const end = (one: Offset) =>
    void act(() => actions.end(one.id), {
      done: t("offset.ended", { name: one.supplierName }),
      undo: () => {
        const { companyId, supplierNo, isAgreed, note } = one;
        return actions.link(customerId, { companyId, supplierNo, isAgreed, note });
      },
      refresh: REFRESH,
    });
  return (
    <>
      <Sheet
        title={t("offset.title")}
        actions={
          writes ? (
            <Button size="small" tone="quiet" icon={IconPlus} onClick={() => setOpen("add")}>
              {t("ui.add")}
            </Button>
          ) : null
        }
      >
        <div className="pad stack">
          <Refusal>{problem}</Refusal>
          {data.rows.length === 0 && data.suggestions.length === 0 ? (
            <span className="t2">{t("offset.none")}</span>
          ) : null}
          {data.rows.map((one) => (
            <div className="between" key={one.id}>
              <span>
                {one.supplierName}{" "}
                <span className="small t3">
                  {one.companyCode} · {one.supplierNo}
                  {one.statedOn ? ` · ${t("offset.statedOn", { day: formats.day(one.statedOn) })}` : ""}
                </span>
                <br />
                {one.owed ? <Amount value={one.owed} /> : <span className="t2">{t("offset.unknown")}</span>}{" "}
                {one.isAgreed ? <Badge tone="info">{t("offset.agreed")}</Badge> : null}
                {one.note ? <span className="small t2"> {one.note}</span> : null}
              </span>
              {writes ? (
                <span className="row">
                  <Button
                    size="small"
                    tone="quiet"
                    icon={IconPencil}
                    aria-label={t("offset.edit", { name: one.supplierName })}
                    onClick={() => setOpen(one)}
                  />
                  <button
                    type="button"
                    className="chip-cross"
                    aria-label={t("offset.end", { name: one.supplierName })}
                    onClick={() => end(one)}
                  >
                    <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
                  </button>
                </span>
              ) : null}
            </div>
          ))}
          {data.suggestions.map((one) => (
            <div className="between" key={`${one.companyId} ${one.supplierNo}`}>
              <span>
                <span className="t2">{t("offset.maybe")}</span> <SupplierWords supplier={one} />
              </span>
              {writes ? <LinkButton customerId={customerId} supplier={one} /> : null}
            </div>
          ))}
        </div>
      </Sheet>
      {open === "add" ? <AddPanel customerId={customerId} onClose={close} /> : null}
      {open && open !== "add" ? <ChangePanel offset={open} onClose={close} /> : null}
    </>
  );
}

function SupplierWords({ supplier }: { supplier: SupplierAccount }) {
  return (
    <>
      {supplier.supplierName}{" "}
      <span className="small t3">
        {supplier.companyCode} · {supplier.supplierNo}
      </span>{" "}
      <Amount value={supplier.owed} />
    </>
  );
}

function LinkButton(props: { customerId: string; supplier: SupplierAccount; onDone?: () => void }) {
  const { t } = useT();
  const { act, waiting } = useAct();
  const { companyId, supplierNo, supplierName } = props.supplier;
  return (
    <Button
      size="small"
      waiting={waiting}
      aria-label={t("offset.linkOne", { name: supplierName })}
      onClick={() =>
        void act(() => actions.link(props.customerId, { companyId, supplierNo, isAgreed: false, note: null }), {
          done: t("offset.linked", { name: supplierName }),
          undo: ({ id }) => actions.end(id),
          refresh: REFRESH,
          ...(props.onDone ? { next: props.onDone } : {}),
        })
      }
    >
      {t("offset.link")}
    </Button>
  );
}

function AddPanel({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const { t } = useT();
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim(), 200);
  const query = useQuery(suppliersQuery(text));
  const found = query.data?.rows ?? [];
  return (
    <Panel title={t("offset.title")} onClose={onClose}>
      <div className="stack gap-16">
        <p className="t2">{t("offset.hint")}</p>
        <TextField label={t("offset.find")} type="search" value={typed} onChange={setTyped} />
        {query.isSuccess && found.length === 0 ? <span className="small t2">{t("offset.noneFound")}</span> : null}
        <ul className="plain-list stack" aria-label={t("offset.find")}>
          {found.map((one) => (
            <li className="between" key={`${one.companyId} ${one.supplierNo}`}>
              <span>
                <SupplierWords supplier={one} />
              </span>
              <LinkButton customerId={customerId} supplier={one} onDone={onClose} />
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function ChangePanel({ offset, onClose }: { offset: Offset; onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [isAgreed, setAgreed] = useState(offset.isAgreed);
  const [note, setNote] = useState(offset.note ?? "");
  return (
    <Panel title={offset.supplierName} onClose={onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => actions.change(offset.id, { isAgreed, note: note.trim() || null }), {
            done: t("ui.saved"),
            undo: ({ id }) => actions.change(id, { isAgreed: offset.isAgreed, note: offset.note }),
            refresh: REFRESH,
            next: onClose,
          });
        }}
      >
        <Refusal>{problem}</Refusal>
        <CheckField checked={isAgreed} onChange={setAgreed}>
          {t("offset.agreedLong")}
        </CheckField>
        <p className="small t2">{t("offset.agreedMeans")}</p>
        <TextField label={t("offset.note")} value={note} onChange={setNote} />
        <div>
          <Button type="submit" tone="primary" waiting={waiting}>
            {t("ui.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
