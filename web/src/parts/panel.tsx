import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useT } from "../i18n/index.ts";

/** What is done or seen in passing without losing the list: 480 px, or 720 for mail and previews. */
export function Panel(props: { title: ReactNode; onClose: () => void; wide?: boolean; children: ReactNode }) {
  const { t } = useT();
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size={props.wide ? 720 : 480}
      title={props.title}
      closeButtonProps={{ "aria-label": t("ui.close") }}
    >
      {props.children}
    </Drawer>
  );
}
