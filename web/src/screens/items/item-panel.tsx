import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "#ui/button.tsx";
import { itemQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { itemName } from "../../parts/item-parts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { ItemFacts, SettledBy } from "./item-detail.tsx";

/** A look at an item without leaving the list. */
export function ItemPanel({ itemId, onClose }: { itemId: string; onClose: () => void }) {
  const { t } = useT();
  const query = useQuery(itemQuery(itemId));
  return (
    <Panel title={query.data ? itemName(query.data, t("field.item")) : t("field.item")} onClose={onClose} wide>
      <Loaded query={query} rows={4} columns={2}>
        {(item) => (
          <div className="stack gap-16">
            <ItemFacts item={item} />
            <SettledBy item={item} />
            <div>
              <Link className={buttonClass({ tone: "primary" })} to="/items/$itemId" params={{ itemId }}>
                {t("items.openPage")}
              </Link>
            </div>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
