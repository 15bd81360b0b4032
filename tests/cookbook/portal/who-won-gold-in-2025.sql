-- awards (totalCount)
SELECT count(*)
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria' AND a.year = 2025 AND a.level = 'GOLD';

-- awards.nodes (levelAsPrinted, category.label, category.labelEn, initiative.slug, initiative.title, laureates.name)
SELECT a.level_as_printed, t.label_fr, t.label_en, i.slug, i.title, c.name
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
LEFT JOIN category AS t ON t.id = a.category_id
LEFT JOIN initiative AS i ON i.id = a.initiative_id
WHERE p.slug = 'prix-territoria' AND a.year = 2025 AND a.level = 'GOLD'
ORDER BY a.key DESC, l.position;
