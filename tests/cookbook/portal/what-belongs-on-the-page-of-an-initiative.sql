-- initiative (title, summary, launchedOn, holders.role, holders.collectivity.kind, holders.collectivity.name)
SELECT i.title, i.summary, i.launched_on, h.role, c.kind, c.name
FROM initiative AS i
JOIN initiative_holder AS h ON h.initiative_id = i.id
JOIN collectivity AS c ON c.id = h.collectivity_id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous'
ORDER BY h.position;

-- initiative.categories (label, labelEn)
SELECT t.label_fr, t.label_en
FROM initiative AS i
JOIN initiative_category AS ic ON ic.initiative_id = i.id
JOIN category AS t ON t.id = ic.category_id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous';

-- initiative.awards (year, level, edition.prize.name)
SELECT a.year, a.level, p.name
FROM initiative AS i
JOIN award AS a ON a.initiative_id = i.id
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous';

-- initiative.metrics (name, nameEn, value, unit, qualifier, asOf)
SELECT m.name_fr, m.name_en, m.value_micro / 1000000.0, m.unit, m.qualifier, m.as_of
FROM initiative AS i
JOIN metric AS m ON m.initiative_id = i.id
WHERE i.slug = 'mayenne-un-medecin-traitant-pour-tous' AND m.year = 2022
ORDER BY m.key;
