import { Menu } from "@mantine/core";
import {
  IconBold,
  IconBraces,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
  IconSignature,
  IconTable,
} from "@tabler/icons-react";
import { type Editor, EditorContent, type JSONContent, useEditor, useEditorState } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useMemo } from "react";
import type { MergeField } from "#contracts/correspondence.ts";
import { Button } from "#ui/button.tsx";
import { useT } from "../../i18n/index.ts";
import { mergeFieldNode, openItemsTableNode, signatureNode } from "./nodes.ts";

type TextProps = {
  label: string;
  language: "fr" | "en";
  fields: readonly MergeField[];
  /** A document of the contract; the editor's extensions admit exactly its nodes. */
  value: unknown;
  onChange: (value: JSONContent) => void;
  editable: boolean;
};

const OFF = {
  blockquote: false,
  codeBlock: false,
  code: false,
  strike: false,
  horizontalRule: false,
  underline: false,
} as const;

function useLabels(fields: readonly MergeField[], language: "fr" | "en") {
  const { t } = useT();
  return useMemo(() => {
    const names = new Map(fields.map((field) => [field.key, field.label[language]]));
    return {
      field: (key: string) => names.get(key) ?? key,
      table: t("template.table"),
      signature: t("template.signature"),
    };
  }, [fields, language, t]);
}

/** The subject: one line of text and merge fields. */
export function SubjectEditor(props: TextProps) {
  const labels = useLabels(props.fields, props.language);
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        ...OFF,
        bold: false,
        italic: false,
        link: false,
        heading: false,
        bulletList: false,
        orderedList: false,
        listItem: false,
        listKeymap: false,
        hardBreak: false,
        trailingNode: false,
      }),
      mergeFieldNode(labels),
    ],
    content: props.value as JSONContent,
    editable: props.editable,
    onUpdate: ({ editor: changed }) => {
      // a subject is one paragraph: pasted lines are joined into it
      const json = changed.getJSON();
      const content = (json.content ?? []).flatMap((block) => block.content ?? []);
      props.onChange({ type: "doc", content: [{ type: "paragraph", ...(content.length > 0 ? { content } : {}) }] });
    },
    editorProps: {
      attributes: { class: "editor editor-line", role: "textbox", "aria-label": props.label, lang: props.language },
      handleKeyDown: (_view, event) => event.key === "Enter",
    },
  });
  return (
    <div className="editor-row">
      <EditorContent editor={editor} className="grow" />
      {props.editable && editor ? <FieldMenu editor={editor} {...props} /> : null}
    </div>
  );
}

/** The body: paragraphs, lists, merge fields, the table of open items, the signature. */
export function BodyEditor(props: TextProps) {
  const { t } = useT();
  const labels = useLabels(props.fields, props.language);
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        ...OFF,
        heading: { levels: [1, 2, 3] },
        link: { openOnClick: false, defaultProtocol: "https", protocols: ["https", "mailto"] },
      }),
      mergeFieldNode(labels),
      openItemsTableNode(labels),
      signatureNode(labels),
    ],
    content: props.value as JSONContent,
    editable: props.editable,
    onUpdate: ({ editor: changed }) => props.onChange(changed.getJSON()),
    editorProps: {
      attributes: {
        class: "editor",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": props.label,
        lang: props.language,
      },
    },
  });
  if (!editor) return null;
  return (
    <div>
      {props.editable ? (
        <div className="editor-tools" role="toolbar" aria-label={t("template.tools")}>
          <Marks editor={editor} />
          <FieldMenu editor={editor} {...props} />
          <Button
            size="small"
            tone="quiet"
            icon={IconTable}
            onClick={() => editor.chain().focus().insertContent({ type: "openItemsTable" }).run()}
          >
            {t("template.insertTable")}
          </Button>
          <Button
            size="small"
            tone="quiet"
            icon={IconSignature}
            aria-label={t("template.signature")}
            onClick={() => editor.chain().focus().insertContent({ type: "signature" }).run()}
          />
        </div>
      ) : null}
      <EditorContent editor={editor} />
    </div>
  );
}

function Marks({ editor }: { editor: Editor }) {
  const { t } = useT();
  const active = useEditorState({
    editor,
    selector: ({ editor: one }) => ({
      bold: one.isActive("bold"),
      italic: one.isActive("italic"),
      bullets: one.isActive("bulletList"),
      numbers: one.isActive("orderedList"),
      link: one.isActive("link"),
    }),
  });
  const link = () => {
    if (active.link) return editor.chain().focus().unsetLink().run();
    const href = window.prompt(t("template.linkAddress"), "https://");
    if (href && /^(https:|mailto:)/.test(href)) editor.chain().focus().setLink({ href }).run();
  };
  const tools = [
    { key: "bold", icon: IconBold, label: t("template.bold"), run: () => editor.chain().focus().toggleBold().run() },
    {
      key: "italic",
      icon: IconItalic,
      label: t("template.italic"),
      run: () => editor.chain().focus().toggleItalic().run(),
    },
    {
      key: "bullets",
      icon: IconList,
      label: t("template.bullets"),
      run: () => editor.chain().focus().toggleBulletList().run(),
    },
    {
      key: "numbers",
      icon: IconListNumbers,
      label: t("template.numbers"),
      run: () => editor.chain().focus().toggleOrderedList().run(),
    },
    { key: "link", icon: IconLink, label: t("template.link"), run: link },
  ] as const;
  return tools.map((tool) => (
    <Button
      key={tool.key}
      size="small"
      tone="quiet"
      icon={tool.icon}
      aria-label={tool.label}
      aria-pressed={active[tool.key]}
      onClick={tool.run}
    />
  ));
}

function FieldMenu(props: { editor: Editor; fields: readonly MergeField[]; language: "fr" | "en" }) {
  const { t } = useT();
  const insert = (key: string) =>
    props.editor.chain().focus().insertContent({ type: "mergeField", attrs: { key } }).run();
  return (
    <Menu width={320} position="bottom-end">
      <Menu.Target>
        <button type="button" className="btn btn-small btn-quiet">
          <IconBraces className="icon" stroke={1.75} aria-hidden="true" />
          {t("template.field")}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {props.fields.map((field) => (
          <Menu.Item key={field.key} onClick={() => insert(field.key)}>
            {field.label[props.language]}
            <span className="block small t3">{field.example[props.language]}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
