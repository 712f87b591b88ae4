import { Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { buttonClass } from "#ui/button.tsx";
import { usePhone } from "#ui/use-phone.ts";
import { address, type QueryValue } from "../api/client.ts";
import { useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";

/**
 * Exports what the list shows, all of it, with the list's own query.
 * `list` is a name under `/exports`, or a path of its own that starts with `/`; the format is added to both.
 */
export function ExportMenu(props: { list: string; query: Readonly<Record<string, QueryValue>>; label?: string }) {
  const { t, language } = useT();
  const { may } = useWorkplace();
  const phone = usePhone();
  if (!may("exports.read")) return null;
  const path = props.list.startsWith("/") ? props.list : `/exports/${props.list}`;
  const href = (kind: "csv" | "xlsx") => address(`${path}.${kind}`, { ...props.query, language });
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <button
          type="button"
          className={buttonClass({}, phone)}
          {...(phone ? { "aria-label": props.label ?? t("ui.export") } : {})}
        >
          <IconDownload className="icon" stroke={1.75} aria-hidden="true" />
          {phone ? null : (
            <>
              {props.label ?? t("ui.export")}
              <IconChevronDown className="icon-s" stroke={1.75} aria-hidden="true" />
            </>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={href("csv")} download>
          {t("ui.exportCsv")}
        </Menu.Item>
        <Menu.Item component="a" href={href("xlsx")} download>
          {t("ui.exportXlsx")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
