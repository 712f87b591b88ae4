/** The sign of the product: an open circle, not yet closed. */
export const Mark = () => (
  <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
    <rect width="24" height="24" rx="6" fill="var(--brand)" />
    <path
      d="M17.3 14.6A6 6 0 1 1 18 12H6.6"
      fill="none"
      stroke="var(--on-brand)"
      strokeWidth="2.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
