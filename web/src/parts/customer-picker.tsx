import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SearchHit } from "#contracts/parties.ts";
import { TextField } from "#ui/fields.tsx";
import { api } from "../api/client.ts";
import { useT } from "../i18n/index.ts";
import { useSettled } from "./use-settled.ts";

/** Finds one customer by any part of its name or number. */
export function CustomerPicker(props: {
  label: string;
  /** Left out of what is offered. */
  exceptId?: string;
  onChoose: (customer: { id: string; name: string }) => void;
}) {
  const { t } = useT();
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim(), 200);
  const query = useQuery({
    queryKey: ["search", "customers", text],
    queryFn: ({ signal }) => api.get<{ rows: SearchHit[] }>("/search", { q: text, limit: 20 }, signal),
    enabled: text.length >= 2,
  });
  const found = (query.data?.rows ?? []).filter((hit) => hit.kind === "customer" && hit.id !== props.exceptId);
  return (
    <div className="stack">
      <TextField
        label={props.label}
        type="search"
        placeholder={t("customers.find")}
        value={typed}
        onChange={setTyped}
      />
      {text.length >= 2 && query.isSuccess && found.length === 0 ? (
        <span className="small t2">{t("customers.noneFound")}</span>
      ) : null}
      <ul className="plain-list" aria-label={props.label}>
        {found.map((hit) => (
          <li key={hit.id}>
            <button type="button" className="menu-line" onClick={() => props.onChoose({ id: hit.id, name: hit.title })}>
              {hit.title} <span className="small t3">{hit.detail}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
