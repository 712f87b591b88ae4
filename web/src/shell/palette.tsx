import { Modal, useMantineColorScheme } from "@mantine/core";
import {
  IconBuildingBank,
  IconFileText,
  IconMoon,
  IconPlus,
  IconSearch,
  IconUpload,
  IconUsers,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import type { SearchHit } from "#contracts/parties.ts";
import { api } from "../api/client.ts";
import { useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";
import { ALL_ENTRIES } from "./navigation.ts";

type Hit = SearchHit;

const fold = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");

/** Underlines what was typed, accents and case ignored. */
function Marked({ text, query }: { text: string; query: string }): ReactNode {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word.length > 1);
  const folded = fold(text);
  const word = words.find((one) => folded.includes(one));
  if (!word || folded.length !== text.length) return text;
  const at = folded.indexOf(word);
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  );
}

/** One box for finding, going and acting. Ctrl or Cmd + K. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { may } = useWorkplace();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const search = useQuery({
    queryKey: ["search", query],
    queryFn: ({ signal }) => api.get<{ rows: readonly Hit[] }>("/search", { q: query }, signal),
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
  });
  const hits = query.length >= 2 ? (search.data?.rows ?? []) : [];
  // what was found comes first, and Enter takes it: the cursor follows when results arrive
  const first = hits[0] ? `${hits[0].kind}${hits[0].id}` : "";
  const [cursor, setCursor] = useState("");
  useEffect(() => setCursor(first), [first]);
  const go = (to: string, params: Record<string, string> = {}) => {
    onClose();
    void navigate({ to, params: () => params });
  };
  const open = (hit: Hit) => {
    if (hit.kind === "item") go("/items/$itemId", { itemId: hit.id });
    else if (hit.kind === "bank_line") {
      onClose();
      void navigate({ to: "/matching", search: () => ({ line: hit.id }) });
    } else go("/customers/$customerId", { customerId: hit.customerId ?? hit.id });
  };
  const matches = (label: string) => fold(label).includes(fold(query));
  const places = ALL_ENTRIES.filter((entry) => may(entry.permission) && matches(t(entry.label)));

  return (
    <Modal.Root opened onClose={onClose} size={680} yOffset={92} radius={14} padding={0} trapFocus>
      <Modal.Overlay />
      <Modal.Content aria-label={t("shell.search")}>
        <Modal.Body className="palette">
          <Command shouldFilter={false} label={t("shell.search")} loop value={cursor} onValueChange={setCursor}>
            <div className="palette-input">
              <IconSearch className="icon" stroke={1.75} aria-hidden="true" />
              <Command.Input
                value={typed}
                onValueChange={setTyped}
                placeholder={t("shell.search")}
                data-autofocus
                aria-label={t("shell.search")}
              />
              <kbd>{t("palette.escape")}</kbd>
            </div>
            <Command.List>
              <Command.Empty>
                <p className="t2" style={{ padding: "18px 12px" }}>
                  {search.isFetching ? t("ui.loading") : t("palette.nothing")}
                </p>
              </Command.Empty>
              {hits.length > 0 ? (
                <Command.Group heading={t("palette.found")}>
                  {hits.map((hit) => (
                    <Command.Item
                      key={`${hit.kind}${hit.id}`}
                      value={`${hit.kind}${hit.id}`}
                      onSelect={() => open(hit)}
                    >
                      {hit.kind === "item" ? (
                        <IconFileText className="icon" stroke={1.75} />
                      ) : hit.kind === "bank_line" ? (
                        <IconBuildingBank className="icon" stroke={1.75} />
                      ) : (
                        <IconUsers className="icon" stroke={1.75} />
                      )}
                      <span className="grow">
                        <span className="medium">
                          <Marked text={hit.title} query={query} />
                        </span>
                        <span className="small t2" style={{ marginLeft: 10 }}>
                          {hit.detail}
                        </span>
                      </span>
                    </Command.Item>
                  ))}
                </Command.Group>
              ) : null}
              <Command.Group heading={t("palette.actions")}>
                {may("imports.write") && matches(t("imports.start")) ? (
                  <Command.Item value="import" onSelect={() => go("/data/import")}>
                    <IconUpload className="icon" stroke={1.75} />
                    <span className="grow medium">{t("imports.start")}</span>
                  </Command.Item>
                ) : null}
                {may("runs.plan") && matches(t("runs.prepare")) ? (
                  <Command.Item value="plan" onSelect={() => go("/runs")}>
                    <IconPlus className="icon" stroke={1.75} />
                    <span className="grow medium">{t("runs.prepare")}</span>
                  </Command.Item>
                ) : null}
                {matches(t("palette.scheme")) ? (
                  <Command.Item
                    value="scheme"
                    onSelect={() => {
                      setColorScheme(colorScheme === "dark" ? "light" : "dark");
                      onClose();
                    }}
                  >
                    <IconMoon className="icon" stroke={1.75} />
                    <span className="grow medium">{t("palette.scheme")}</span>
                  </Command.Item>
                ) : null}
              </Command.Group>
              {places.length > 0 ? (
                <Command.Group heading={t("palette.go")}>
                  {places.map((entry) => {
                    const Glyph = entry.icon;
                    return (
                      <Command.Item key={entry.to} value={`go${entry.to}`} onSelect={() => go(entry.to)}>
                        <Glyph className="icon" stroke={1.75} />
                        <span className="grow medium">{t(entry.label)}</span>
                        <kbd>G</kbd>
                        <kbd>{entry.letter.toUpperCase()}</kbd>
                      </Command.Item>
                    );
                  })}
                </Command.Group>
              ) : null}
            </Command.List>
            <footer className="palette-foot">
              <span>{t("palette.choose")}</span>
              <span>{t("palette.open")}</span>
              <span className="grow" />
              <span>{hits.length > 0 ? t("palette.results", { count: hits.length }) : null}</span>
            </footer>
          </Command>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
