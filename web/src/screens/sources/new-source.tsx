import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { RefusedState } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, type ConnectorInfo, connectorsQuery } from "../../api/sources.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { blankDraft, type Draft, SourceFields } from "./source-form.tsx";

/** A new source: which system, how it is reached, whose books it feeds, when. */
export function NewSource() {
  const { t } = useT();
  const { may } = useWorkplace();
  const query = useQuery({ ...connectorsQuery(), enabled: may("sources.write") });
  const [chosen, setChosen] = useState<ConnectorInfo | undefined>();
  usePageTitle(t("sources.new"), [{ label: t("nav.data"), to: "/data" }]);
  if (!may("sources.write")) return <RefusedState title={t("refused.title")}>{t("refused.text")}</RefusedState>;
  return (
    <>
      <PageHead title={t("sources.new")}>{t("sources.newLead")}</PageHead>
      {chosen ? (
        <Form key={chosen.key} connector={chosen} onBack={() => setChosen(undefined)} />
      ) : (
        <Sheet title={t("sources.which")}>
          <Loaded query={query} rows={4} columns={2}>
            {(data) => (
              <ul className="list-plain">
                {data.rows.map((connector) => (
                  <li key={connector.key} className="row">
                    <span className="grow">
                      <span className="medium">{lookUp(t, `connector.${connector.key}`, {}, connector.key)}</span>
                      <br />
                      <span className="t2 small">{lookUp(t, `connector.${connector.key}.text`, {}, "")}</span>
                    </span>
                    <Button size="small" onClick={() => setChosen(connector)}>
                      {t("sources.choose")}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </Sheet>
      )}
    </>
  );
}

function Form({ connector, onBack }: { connector: ConnectorInfo; onBack: () => void }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { session, company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<Draft>(() => blankDraft(connector, company?.id ?? session.companies[0]?.id));
  const save = () =>
    void act(() => actions.create({ ...draft, connector: connector.key }), {
      done: t("sources.saved"),
      refresh: [["sources"]],
      next: (made) => void navigate({ to: "/data/sources/$sourceId", params: { sourceId: made.id } }),
    });
  return (
    <form
      className="stack gap-20"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <SourceFields connector={connector} draft={draft} onChange={setDraft} />
      <Refusal>{problem}</Refusal>
      <div className="row">
        <Button type="submit" tone="primary" waiting={waiting}>
          {t("sources.create")}
        </Button>
        <Button tone="quiet" onClick={onBack}>
          {t("sources.otherSystem")}
        </Button>
      </div>
    </form>
  );
}
