import { PageHead } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";
import { usePageTitle } from "../../shell/page.tsx";

export function Day() {
  const { t } = useT();
  usePageTitle(t("nav.day"));
  return <PageHead title={t("nav.day")} />;
}
