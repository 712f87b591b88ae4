import { Menu } from "@mantine/core";
import { IconBookmark, IconChevronDown, IconTrash, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { View, ViewedList } from "#contracts/views.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { CheckField, TextField } from "#ui/fields.tsx";
import { api } from "../../api/client.ts";
import { viewsKey, viewsQuery } from "../../api/lists.ts";
import { useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";
import { Panel } from "../panel.tsx";
import { Refusal } from "../refusal.tsx";
import type { Search } from "../search-state.ts";
import { useAct } from "../use-act.ts";

/** Parameters of an address that are a passing state, not part of a view. */
const PASSING = new Set(["item", "saved"]);

const stateOf = (search: Search): Record<string, string> =>
  Object.fromEntries(Object.entries(search).filter(([name, value]) => !PASSING.has(name) && value !== ""));

/** Views of a list: open one, keep what is shown under a name, share it, remove it with undo. */
export function ViewsMenu(props: {
  list: ViewedList;
  search: Search;
  /** Replaces the whole state of the list. */
  onOpen: (search: Readonly<Record<string, string>>) => void;
}) {
  const { t } = useT();
  const { act, problem } = useAct();
  const views = useQuery(viewsQuery(props.list)).data?.rows ?? [];
  const [naming, setNaming] = useState(false);
  const current = views.find((view) => view.id === props.search.saved);
  const state = stateOf(props.search);
  const isChanged = current !== undefined && JSON.stringify(sorted(current.search)) !== JSON.stringify(sorted(state));
  const refresh = [viewsKey(props.list)];
  const remove = (view: View) =>
    act(() => api.delete(`/views/${view.id}`), {
      done: t("views.removed", { name: view.name }),
      undo: () => api.post(`/views/${view.id}/bring-back`, {}),
      refresh,
    });
  const keep = (view: View) =>
    act(
      () =>
        api.put(
          `/views/${view.id}`,
          { list: view.list, name: view.name, isShared: view.isShared, search: state },
          { ifMatch: view.version },
        ),
      { done: t("views.kept", { name: view.name }), refresh },
    );
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <button type="button" className={buttonClass({ size: "small" })}>
            <IconBookmark className="icon-s" stroke={1.75} aria-hidden="true" />
            {current ? current.name : t("views.label")}
            <IconChevronDown className="icon-s" stroke={1.75} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 ? <Menu.Label>{t("views.none")}</Menu.Label> : null}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              onClick={() => props.onOpen({ ...view.search, saved: view.id })}
              rightSection={
                view.isShared ? (
                  <span title={view.isOwn ? t("views.shared") : view.authorName}>
                    <IconUsers className="icon-s" stroke={1.75} aria-label={t("views.shared")} />
                  </span>
                ) : null
              }
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {current?.isOwn && isChanged ? (
            <Menu.Item onClick={() => void keep(current)}>{t("views.keep", { name: current.name })}</Menu.Item>
          ) : null}
          <Menu.Item onClick={() => setNaming(true)}>{t("views.add")}</Menu.Item>
          {current?.isOwn ? (
            <Menu.Item
              leftSection={<IconTrash className="icon-s" stroke={1.75} aria-hidden="true" />}
              onClick={() => {
                void remove(current);
                props.onOpen(state);
              }}
            >
              {t("views.remove", { name: current.name })}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {naming ? (
        <Panel title={t("views.add")} onClose={() => setNaming(false)}>
          <NewView
            list={props.list}
            search={state}
            onDone={(view) => {
              setNaming(false);
              props.onOpen({ ...state, saved: view.id });
            }}
          />
        </Panel>
      ) : null}
      <Refusal>{problem}</Refusal>
    </>
  );
}

const sorted = (search: Readonly<Record<string, string>>) =>
  Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1));

function NewView(props: { list: ViewedList; search: Readonly<Record<string, string>>; onDone: (view: View) => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  return (
    <form
      className="stack gap-12"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() => api.post<View>("/views", { list: props.list, name, isShared, search: props.search }), {
          done: t("views.kept", { name }),
          refresh: [viewsKey(props.list)],
          next: props.onDone,
        });
      }}
    >
      <TextField label={t("views.name")} value={name} onChange={setName} required />
      {may("views.share") ? (
        <CheckField checked={isShared} onChange={setShared}>
          {t("views.share")}
        </CheckField>
      ) : null}
      <Refusal>{problem}</Refusal>
      <Button type="submit" tone="primary" waiting={waiting} disabled={name.trim() === ""}>
        {t("ui.save")}
      </Button>
    </form>
  );
}
