/** The drawings of the shell: 16-unit strokes in the colour of the text around them. Words stand beside or in a label. */

function Icon({ children }: { readonly children: React.ReactNode }): React.ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const LogoMark = (): React.ReactElement => (
  <svg className="logo-mark" viewBox="0 0 20 20" aria-hidden="true">
    <path className="logo-line" d="M2.5 9.5 6 7l4 4.5L17.5 4" />
    <path className="logo-floor" d="M2.5 16.5h15" />
  </svg>
);
export const MarketIcon = (): React.ReactElement => (
  <Icon>
    <path d="M3 13V8M6.4 13V3M9.8 13V6M13.2 13V9.5" />
  </Icon>
);
export const CascadeIcon = (): React.ReactElement => (
  <Icon>
    <path d="M2.5 3h3v3.5h3V10h3v3H14" />
    <path d="m11.8 10.8 2.2 2.2-2.2 2.2" />
  </Icon>
);
export const SpanIcon = (): React.ReactElement => (
  <Icon>
    <path d="M2.5 2.5h3v3h-3zM2.5 10.5h3v3h-3zM10.5 2.5h3v3h-3zM10.5 10.5h3v3h-3zM6.5 6.5h3v3h-3z" />
  </Icon>
);
export const GuardsIcon = (): React.ReactElement => (
  <Icon>
    <path d="M8 1.8 13 4v3.6c0 3-2 5.4-5 6.6-3-1.2-5-3.6-5-6.6V4Z" />
    <path d="m5.6 8 1.8 1.8 3.2-3.6" />
  </Icon>
);
export const BreakersIcon = (): React.ReactElement => (
  <Icon>
    <path d="M6.2 9.4V3.6a1.8 1.8 0 0 1 3.6 0v5.8a3 3 0 1 1-3.6 0ZM11.8 4H14M11.8 7H14" />
    <path className="icon-solid" d="M7.4 6.5h1.2v4.2H7.4z" />
  </Icon>
);
export const KeysIcon = (): React.ReactElement => (
  <Icon>
    <path d="M2 4.5h12v7H2zM5 9.5h6M4.6 7h.1M7 7h.1M9.3 7h.1M11.6 7h.1" />
  </Icon>
);
export const CloseIcon = (): React.ReactElement => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const PlayIcon = (): React.ReactElement => (
  <Icon>
    <path className="icon-solid" d="M4.5 3v10l8-5Z" />
  </Icon>
);
export const PauseIcon = (): React.ReactElement => (
  <Icon>
    <path className="icon-solid" d="M4 3h2.8v10H4zM9.2 3H12v10H9.2z" />
  </Icon>
);
export const StepIcon = (): React.ReactElement => (
  <Icon>
    <path className="icon-solid" d="M3.5 3v10l6-5Z" />
    <path d="M12 3.4v9.2" />
  </Icon>
);
export const MoreIcon = (): React.ReactElement => (
  <Icon>
    <path className="icon-dots" d="M3.5 8h.01M8 8h.01M12.5 8h.01" />
  </Icon>
);
export const ChevronIcon = (): React.ReactElement => (
  <Icon>
    <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
  </Icon>
);
export const ArrowIcon = (): React.ReactElement => (
  <Icon>
    <path d="M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5" />
  </Icon>
);
export const ThemeIcon = (): React.ReactElement => (
  <Icon>
    <circle cx="8" cy="8" r="5.2" />
    <path className="icon-solid" d="M8 2.8a5.2 5.2 0 0 1 0 10.4Z" />
  </Icon>
);
