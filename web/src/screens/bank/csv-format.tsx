import type { BankCsvLayout, BankCsvPreview } from "#contracts/bank-csv.ts";
import type { BankAccount } from "#contracts/cash.ts";
import { CheckField, Choice, TextField } from "#ui/fields.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";

const SEPARATORS = [";", ",", "\t", "|"] as const;

type Props = {
  layout: BankCsvLayout;
  preview: BankCsvPreview;
  accounts: readonly BankAccount[];
  accountId: string;
  onAccount: (id: string) => void;
  onSeparator: (separator: BankCsvLayout["separator"]) => void;
  onChange: (layout: BankCsvLayout) => void;
};

/** Of which account the file is, and how its numbers, days and lines are written. */
export function CsvFormat({ layout, preview, accounts, accountId, onAccount, onSeparator, onChange }: Props) {
  const { t } = useT();
  const above = preview.rows.filter(({ line }) => line < layout.firstLine).at(-1);
  const begin = (text: string) => {
    const firstLine = Number(text);
    if (!Number.isInteger(firstLine) || firstLine < 1 || firstLine > 1_000) return;
    const next = preview.rows.filter(({ line }) => line < firstLine).at(-1);
    onChange({ ...layout, firstLine, header: layout.header.length > 0 ? (next?.cells ?? []) : [] });
  };
  return (
    <Sheet title={t("csv.format")}>
      <div className="pad stack gap-16" style={{ paddingTop: 0 }}>
        <div className="form-grid">
          <Choice
            label={t("csv.account")}
            value={accountId}
            placeholder={t("csv.accountChoose")}
            options={accounts.map((one) => ({
              value: one.id,
              label: `${one.companyCode} · ${one.name} · ${one.currency}`,
            }))}
            onChange={onAccount}
          />
          <Choice
            label={t("csv.separator")}
            value={layout.separator}
            options={SEPARATORS.map((value) => ({
              value,
              label: t(
                value === ";"
                  ? "csv.semicolon"
                  : value === ","
                    ? "csv.comma"
                    : value === "|"
                      ? "csv.bar"
                      : "csv.tabulator",
              ),
            }))}
            onChange={onSeparator}
          />
          <Choice
            label={t("csv.decimals")}
            value={layout.decimalMark}
            options={[
              { value: ",", label: "1 234,56" },
              { value: ".", label: "1,234.56" },
            ]}
            onChange={(decimalMark) => onChange({ ...layout, decimalMark })}
          />
          <Choice
            label={t("csv.days")}
            value={layout.dayOrder}
            options={[
              { value: "dmy", label: t("csv.dayFirst") },
              { value: "mdy", label: t("csv.monthFirst") },
            ]}
            onChange={(dayOrder) => onChange({ ...layout, dayOrder })}
          />
          <TextField
            label={t("csv.firstLine")}
            hint={t("csv.firstLineHint")}
            type="number"
            inputMode="numeric"
            value={String(layout.firstLine)}
            onChange={begin}
          />
        </div>
        <CheckField
          checked={layout.header.length > 0}
          disabled={!above}
          onChange={(isHeader) => onChange({ ...layout, header: isHeader ? (above?.cells ?? []) : [] })}
        >
          {t("csv.hasHeader")}
        </CheckField>
      </div>
    </Sheet>
  );
}
