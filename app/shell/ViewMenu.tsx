/** Theme and the colours of gain and loss. */
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { PALETTES, type Palette, prefer, THEMES, type Theme, usePreferences } from '../state/preferences.ts';
import { ThemeIcon } from '../ui/icons.tsx';

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  dark: 'Dark',
  light: 'Light',
  contrast: 'High contrast',
};
const PALETTE_WORDS: Readonly<Record<Palette, string>> = {
  'blue-orange': 'Blue up, orange down',
  'green-red': 'Green up, red down',
  'red-up': 'Red up, green down',
};

export function ViewMenu(): React.ReactElement {
  const theme = usePreferences((state) => state.theme);
  const palette = usePreferences((state) => state.palette);
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label="Theme and colours">
        <ThemeIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : [...keys];
              if (key !== undefined) prefer({ theme: String(key) as Theme });
            }}
          >
            <Header className="list-head">Theme</Header>
            {THEMES.map((id) => (
              <MenuItem key={id} id={id} className="list-item">
                {THEME_WORDS[id]}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[palette]}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : [...keys];
              if (key !== undefined) prefer({ palette: String(key) as Palette });
            }}
          >
            <Header className="list-head">Gain and loss</Header>
            {PALETTES.map((id) => (
              <MenuItem key={id} id={id} className="list-item">
                {PALETTE_WORDS[id]}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
