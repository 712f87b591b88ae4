import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type Crumb = { readonly label: string; readonly to?: string };

type PageState = { crumbs: readonly Crumb[]; setCrumbs: (crumbs: readonly Crumb[]) => void };
const PageContext = createContext<PageState | undefined>(undefined);

export function PageProvider({ children }: { children: ReactNode }) {
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const value = useMemo(() => ({ crumbs, setCrumbs }), [crumbs]);
  return <PageContext value={value}>{children}</PageContext>;
}

function usePageState(): PageState {
  const state = useContext(PageContext);
  if (!state) throw new Error("PageProvider is missing");
  return state;
}

/** Names the page in the top bar and in the window title; `parents` are links above it. */
export function usePageTitle(title: string, parents: readonly Crumb[] = []): void {
  const { setCrumbs } = usePageState();
  const key = JSON.stringify([...parents, { label: title }]);
  useEffect(() => {
    setCrumbs(JSON.parse(key) as Crumb[]);
    document.title = `${title} · Encours`;
  }, [key, title, setCrumbs]);
}

export function Crumbs() {
  const { crumbs } = usePageState();
  return (
    <div className="crumbs">
      {crumbs.map((crumb, index) =>
        crumb.to && index < crumbs.length - 1 ? (
          <span key={crumb.label} className="row gap-4">
            <Link to={crumb.to}>{crumb.label}</Link>
            <IconChevronRight className="icon-s" stroke={1.75} aria-hidden="true" />
          </span>
        ) : (
          <b key={crumb.label}>{crumb.label}</b>
        ),
      )}
    </div>
  );
}
