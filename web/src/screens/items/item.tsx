import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ItemDetail } from "#contracts/receivables.ts";
import { Button } from "#ui/button.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { itemQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Documents } from "../../parts/documents.tsx";
import { itemName } from "../../parts/item-parts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { Notes, PinnedNotes } from "../customers/notes.tsx";
import { StopPanel } from "../customers/stops.tsx";
import { MessageTable } from "../messages/messages.tsx";
import { ItemFacts, ItemStory, SettledBy } from "./item-detail.tsx";

/** One item with everything that is known about it. */
export function ItemPage() {
  const { t } = useT();
  const { itemId = "" } = useParams({ strict: false }) as { itemId?: string };
  const query = useQuery(itemQuery(itemId));
  usePageTitle(query.data ? itemName(query.data, t("field.item")) : t("field.item"), [
    { label: t("nav.items"), to: "/items" },
  ]);
  return (
    <Loaded query={query} rows={8} columns={3}>
      {(item) => <Body item={item} />}
    </Loaded>
  );
}

function Body({ item }: { item: ItemDetail }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const [stopping, setStopping] = useState(false);
  const [message, setMessage] = useState<string | undefined>();
  const name = itemName(item, t("field.item"));
  const stops = may("stops.write");
  useHotkeys(stops ? { s: () => setStopping(true) } : {});
  return (
    <>
      <PageHead
        title={name}
        actions={
          stops ? (
            <Button icon={IconPlayerPause} hotkey="S" onClick={() => setStopping(true)}>
              {t("stops.save")}
            </Button>
          ) : null
        }
      >
        {t(`kind.${item.kind}`)} · {item.customerName}
      </PageHead>
      <div className="with-aside">
        <div className="stack gap-20">
          <ItemFacts item={item} />
          <SettledBy item={item} />
          <ItemStory item={item} />
          {may("messages.read") ? (
            <Sheet title={t("items.messages")}>
              <MessageTable
                filter={{ itemId: item.id }}
                chosen={message}
                onChoose={setMessage}
                maxHeight="420px"
                bare
              />
            </Sheet>
          ) : null}
        </div>
        <aside className="stack gap-16">
          <PinnedNotes subjectType="item" subjectId={item.id} />
          <Sheet title={t("notes.title")}>
            <div className="pad" style={{ paddingTop: 0 }}>
              <Notes subjectType="item" subjectId={item.id} />
            </div>
          </Sheet>
          <Documents subjectType="item" subjectId={item.id} />
        </aside>
      </div>
      {stopping ? (
        <StopPanel subject="item" subjectId={item.id} name={name} onClose={() => setStopping(false)} />
      ) : null}
    </>
  );
}
